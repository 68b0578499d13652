import { describe, expect, it } from 'vitest';
import {
  ends,
  joins,
  leaves,
  playTimeline,
  type ScriptedLine,
  said,
  settingsBecome,
  sounds,
  speaks,
  stops,
  types,
  utters,
} from './scripted-timeline.test-support.ts';

const alone: readonly ScriptedLine[] = [[0, joins('anna')]];
const company: readonly ScriptedLine[] = [
  [0, joins('anna')],
  [0, joins('bruno')],
];

describe('two people and the agent', () => {
  it('talk among themselves: recorded, nothing prepared, nothing said', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
    ]);
    expect(played.log).toEqual([
      '1300 record-turn t1 anna: What time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna record-only silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('name the agent: answered, and the window to go on opens and closes', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'Sophy, what time is it?', { fromMs: 0, toMs: 1000 }),
      [1500, sounds('r1')],
      [3000, ends('r1')],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1300 record-turn t1 anna: Sophy, what time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna addressed answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking addressed',
      '1500 state speaking addressed',
      '3000 state listening reply-complete',
      '3000 window follow-up anna until 11000',
      '11000 window follow-up anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('talk about the agent: silence', () => {
    const played = playTimeline([...company, [0, types('anna', 'Sophy said it rains')]]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy said it rains',
      '0 decision t1 anna record-only silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('go on without a name after an answer', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, how are you?')],
      [1000, ends('r1')],
      ...utters('anna', 'u1', 'And tomorrow?', { fromMs: 2000, toMs: 3000 }),
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, how are you?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '1000 state listening reply-complete',
      '1000 window follow-up anna until 9000',
      '3100 prepare-reply r2 for t2',
      '3300 record-turn t2 anna: And tomorrow?',
      '3300 close-utterance anna',
      '3300 decision t2 anna follow-up answer',
      '3300 window follow-up anna closes',
      '3300 start-reply r2 for t2',
      '3300 state thinking follow-up',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('take the window by speaking in between', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, how are you?')],
      [1000, ends('r1')],
      [2000, types('bruno', 'fine day')],
      [3000, types('anna', 'and tomorrow?')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, how are you?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '1000 state listening reply-complete',
      '1000 window follow-up anna until 9000',
      '2000 record-turn t2 bruno: fine day',
      '2000 decision t2 bruno record-only silent',
      '2000 window follow-up anna closes',
      '3000 record-turn t3 anna: and tomorrow?',
      '3000 decision t3 anna record-only silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('go on in time when they begin in time', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, how are you?')],
      [1000, ends('r1')],
      ...utters('anna', 'u1', 'And tomorrow?', { fromMs: 8900, toMs: 9900 }),
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, how are you?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '1000 state listening reply-complete',
      '1000 window follow-up anna until 9000',
      '10000 prepare-reply r2 for t2',
      '10200 record-turn t2 anna: And tomorrow?',
      '10200 close-utterance anna',
      '10200 decision t2 anna follow-up answer',
      '10200 window follow-up anna closes',
      '10200 start-reply r2 for t2',
      '10200 state thinking follow-up',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('go on too late', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, how are you?')],
      [1000, ends('r1')],
      ...utters('anna', 'u1', 'And tomorrow?', { fromMs: 9100, toMs: 9900 }),
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, how are you?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '1000 state listening reply-complete',
      '1000 window follow-up anna until 9000',
      '9000 window follow-up anna closes',
      '10200 record-turn t2 anna: And tomorrow?',
      '10200 close-utterance anna',
      '10200 decision t2 anna record-only silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('get no window after a reply that failed, nor from a late end', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, what time is it?')],
      [500, ends('r1', 'failed')],
      [600, ends('r1', 'complete')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, what time is it?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state listening reply-failed',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('get no window when follow-up is off', () => {
    const played = playTimeline(
      [
        ...company,
        [0, types('anna', 'Sophy, what time is it?')],
        [500, ends('r1')],
        [600, types('anna', 'and tomorrow?')],
      ],
      { settings: { followUpMs: 0 } },
    );
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, what time is it?',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state listening reply-complete',
      '600 record-turn t2 anna: and tomorrow?',
      '600 decision t2 anna record-only silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('go on while their reply is being stopped', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, speaks('anna')],
      [700, stops('anna')],
      [710, said('anna', 'u1', 'no, a joke')],
      [1100, ends('r1', 'interrupted')],
      [2000, ends('r2')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 duck-voice r1',
      '710 stop-reply r1',
      '710 decision t1 anna real-words stop',
      '1000 record-turn t2 anna: no, a joke',
      '1000 close-utterance anna',
      '1000 decision t2 anna follow-up answer',
      '1000 start-reply r2 for t2',
      '2000 state listening reply-complete',
      '2000 window follow-up anna until 10000',
      '10000 window follow-up anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('call the agent, and the next turn of the caller is answered', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'Hey Sophy', { fromMs: 0, toMs: 1000 }),
      ...utters('bruno', 'u1', 'Nice day today', { fromMs: 1500, toMs: 2500 }),
      ...utters('anna', 'u2', 'What time is it?', { fromMs: 3000, toMs: 4000 }),
    ]);
    expect(played.log).toEqual([
      '1300 record-turn t1 anna: Hey Sophy',
      '1300 close-utterance anna',
      '1300 decision t1 anna wake silent',
      '1300 window wake anna until 21300',
      '2800 record-turn t2 bruno: Nice day today',
      '2800 close-utterance bruno',
      '2800 decision t2 bruno record-only silent',
      '4100 prepare-reply r1 for t3',
      '4300 record-turn t3 anna: What time is it?',
      '4300 close-utterance anna',
      '4300 decision t3 anna wake-window answer',
      '4300 window wake anna closes',
      '4300 start-reply r1 for t3',
      '4300 state thinking wake-window',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('call and say nothing', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'Hey Sophy', { fromMs: 0, toMs: 1000 }),
    ]);
    expect(played.log).toEqual([
      '1300 record-turn t1 anna: Hey Sophy',
      '1300 close-utterance anna',
      '1300 decision t1 anna wake silent',
      '1300 window wake anna until 21300',
      '21300 window wake anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('call, and cough as the window ends: it closes with the cough', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Hey Sophy')],
      ...utters('anna', 'u2', '', { fromMs: 19900, toMs: 20500 }),
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Hey Sophy',
      '0 decision t1 anna wake silent',
      '0 window wake anna until 20000',
      '20600 close-utterance anna',
      '20600 window wake anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('call with the wake window switched off: answered', () => {
    const played = playTimeline([...company, [0, types('anna', 'Hey Sophy')]], {
      settings: { wakeWindowMs: 0 },
    });
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Hey Sophy',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('call and leave: the window closes', () => {
    const played = playTimeline([...company, [0, types('anna', 'Hey Sophy')], [500, leaves('anna')]]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Hey Sophy',
      '0 decision t1 anna wake silent',
      '0 window wake anna until 20000',
      '500 window wake anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('are all answered when responses are forced', () => {
    const played = playTimeline(
      [...company, [0, types('anna', 'nice day')], [1, types('bruno', 'Hey Sophy')]],
      { settings: { forceAgentResponse: true } },
    );
    expect(played.log).toEqual([
      '0 record-turn t1 anna: nice day',
      '0 decision t1 anna forced answer',
      '0 start-reply r1 for t1',
      '0 state thinking forced',
      '1 record-turn t2 bruno: Hey Sophy',
      '1 decision t2 bruno forced answer',
      '1 queue bruno',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('become two before the turn of the first commits: it is answered, since it began alone', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, joins('bruno')],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1300 record-turn t1 anna: What time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna only-human answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('become one before the turn commits: answered', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, leaves('bruno')],
    ]);
    expect(played.log).toEqual([
      '1300 record-turn t1 anna: What time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna only-human answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('say something between preparation and commit: prepared again with it', () => {
    const played = playTimeline([
      ...company,
      ...utters('anna', 'u1', 'Sophy, what time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, types('bruno', 'it is late')],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1200 record-turn t2 bruno: it is late',
      '1200 decision t2 bruno record-only silent',
      '1200 discard-reply r1',
      '1200 prepare-reply r2 for t1',
      '1300 record-turn t1 anna: Sophy, what time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna addressed answer',
      '1300 start-reply r2 for t1',
      '1300 state thinking addressed',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('both ask: the newer turn wins', () => {
    const played = playTimeline(
      [
        ...company,
        ...utters('anna', 'u1', 'Sophy, what time is it?', { fromMs: 0, toMs: 1000 }),
        ...utters('bruno', 'u1', 'Sophy, play music', { fromMs: 200, toMs: 1100 }),
        [1600, ends('r1', 'interrupted')],
        [2000, ends('r3')],
      ],
      { settings: { bargeIn: 'nobody' } },
    );
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1200 prepare-reply r2 for t2',
      '1300 record-turn t1 anna: Sophy, what time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna addressed answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking addressed',
      '1300 discard-reply r2',
      '1400 record-turn t2 bruno: Sophy, play music',
      '1400 close-utterance bruno',
      '1400 decision t2 bruno addressed answer',
      '1400 queue bruno',
      '1600 state listening reply-interrupted',
      '1600 window follow-up anna until 9600',
      '1600 queue',
      '1600 start-reply r3 for t2',
      '1600 state thinking addressed',
      '2000 state listening reply-complete',
      '2000 window follow-up anna closes',
      '2000 window follow-up bruno until 10000',
      '10000 window follow-up bruno closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('lose the addressee: the answer goes on for the other', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, leaves('anna')],
      [600, ends('r1')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 stop-reply r1',
      '500 decision t1 anna asker-left stop',
      '600 state listening asker-left',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('rename the agent: the next turn knows', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'nice day')],
      [1, settingsBecome({ agentNames: ['Claudia'] })],
      [2, types('anna', 'Claudia, what time is it?')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: nice day',
      '0 decision t1 anna record-only silent',
      '2 record-turn t2 anna: Claudia, what time is it?',
      '2 decision t2 anna addressed answer',
      '2 start-reply r1 for t2',
      '2 state thinking addressed',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });
});
