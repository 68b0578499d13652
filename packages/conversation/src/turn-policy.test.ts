import { describe, expect, it } from 'vitest';
import {
  ends,
  joins,
  playTimeline,
  said,
  sounds,
  speaks,
  stops,
  utters,
} from './scripted-timeline.test-support.ts';

describe('one person alone with the agent', () => {
  it('is answered without a name, with a reply prepared while silence is awaited', () => {
    const { log, pendingTimers } = playTimeline([
      [0, joins('anna')],
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 1_000, toMs: 2_000 }),
      [2_600, sounds('r1')],
      [4_000, ends('r1')],
    ]);
    expect(log).toEqual([
      '2100 prepare-reply r1 for t1',
      '2300 record-turn t1 anna: What time is it?',
      '2300 close-utterance anna',
      '2300 decision t1 anna only-human answer',
      '2300 start-reply r1 for t1',
      '2300 state thinking only-human',
      '2600 state speaking only-human',
      '4000 state listening reply-complete',
    ]);
    expect(pendingTimers).toEqual([]);
  });

  it('goes on after a pause: the prepared reply is thrown away and the turn is one', () => {
    const { log } = playTimeline([
      [0, joins('anna')],
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 1_000, toMs: 2_000 }),
      [2_200, speaks('anna')],
      [3_000, stops('anna')],
      [3_100, said('anna', 'u1', 'What time is it in Rome?')],
    ]);
    expect(log).toEqual([
      '2100 prepare-reply r1 for t1',
      '2200 discard-reply r1',
      '3100 prepare-reply r2 for t1',
      '3300 record-turn t1 anna: What time is it in Rome?',
      '3300 close-utterance anna',
      '3300 decision t1 anna only-human answer',
      '3300 start-reply r2 for t1',
      '3300 state thinking only-human',
    ]);
  });
});
