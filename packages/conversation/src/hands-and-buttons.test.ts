/** What people do with their hands: raise one, ask for an answer, write in private; and what a pause sounds like. */
import { describe, expect, it } from 'vitest';
import {
  drains,
  ends,
  joins,
  leaves,
  playTimeline,
  raisesHand,
  type ScriptedLine,
  said,
  soundsFinished,
  speaks,
  stops,
  types,
  typesPrivately,
  utters,
  wantsAnswer,
} from './scripted-timeline.test-support.ts';

const company: readonly ScriptedLine[] = [
  [0, joins('anna')],
  [0, joins('bruno')],
];

describe('a raised hand', () => {
  it('makes the next turn one for the agent, and goes down with it', () => {
    const { log } = playTimeline([
      ...company,
      [10, raisesHand('bruno')],
      ...utters('bruno', 'u1', 'What time is it?', { fromMs: 1000, toMs: 2000 }),
    ]);
    expect(log).toContain('10 hand bruno raised');
    expect(log).toContain('2300 decision t1 bruno raised-hand answer');
    expect(log).toContain('2300 hand bruno lowered');
  });

  it('is seen by who comes later, and lowered by who leaves', () => {
    const { log } = playTimeline([
      ...company,
      [10, raisesHand('bruno')],
      [20, joins('carla')],
      [30, leaves('bruno')],
    ]);
    expect(log).toEqual(['10 hand bruno raised', '20 hand bruno raised', '30 hand bruno lowered']);
  });
});

describe('the button answer now', () => {
  it('answers what was said last and left unanswered', () => {
    const { log } = playTimeline([
      ...company,
      [0, types('anna', 'I wonder what time it is')],
      [2000, wantsAnswer('bruno')],
    ]);
    expect(log.slice(2)).toEqual([
      '2000 decision t1 anna answer-now answer',
      '2000 start-reply r1 for t1',
      '2000 state thinking answer-now',
    ]);
  });

  it('does not wait for the end of the turn of who presses it', () => {
    const { log } = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'what do you think about the', { fromMs: 0, toMs: 1000 }),
      [1200, wantsAnswer('anna')],
    ]);
    expect(log).toContain('1200 decision t1 anna answer-now answer');
  });

  it('raises the hand where nothing was said', () => {
    const { log } = playTimeline([...company, [0, wantsAnswer('anna')]]);
    expect(log).toEqual(['0 hand anna raised']);
  });

  it('does nothing while the worker drains', () => {
    const { log } = playTimeline([
      ...company,
      [0, types('anna', 'nice day')],
      [1, drains],
      [2, wantsAnswer('anna')],
    ]);
    expect(log).toEqual(['0 record-turn t1 anna: nice day', '0 decision t1 anna record-only silent']);
  });
});

describe('private words', () => {
  it('are answered to their author, beside the reply under way, and recorded nowhere', () => {
    const { log } = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, typesPrivately('bruno', 'how long will this take?')],
      [3000, ends('r1')],
    ]);
    expect(log).toContain('500 start-private-reply r2 for bruno');
    expect(log.filter((line) => line.includes('how long'))).toEqual([]);
  });
});

describe('the sound of a pause', () => {
  const half: readonly ScriptedLine[] = [
    [0, joins('anna')],
    [0, speaks('anna')],
    [1000, stops('anna')],
    [1050, said('anna', 'u1', 'I was thinking of a trip')],
  ];

  it('ends a turn soon when it sounds over, and late when it does not', () => {
    const over = playTimeline([...half, [1230, soundsFinished('anna', 0.95)]]).log;
    expect(over).toContain('1300 decision t1 anna only-human answer');
    const open = playTimeline([...half, [1230, soundsFinished('anna', 0.1)]]).log;
    expect(open).toContain('2200 decision t1 anna only-human answer');
    expect(open).toContain('1230 waiting anna uncertain until 2200');
  });

  it('is waited for once where the model has a say', () => {
    const { log } = playTimeline(half, { settings: { hasEndOfTurnModel: true, endpointingMinMs: 200 } });
    expect(log).toContain('1280 decision t1 anna only-human answer');
  });
});
