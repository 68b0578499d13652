import { describe, expect, it } from 'vitest';
import {
  drains,
  ends,
  hears,
  isLost,
  joins,
  leaves,
  playTimeline,
  type ScriptedLine,
  said,
  sounds,
  speaks,
  stops,
  types,
  utters,
} from './scripted-timeline.test-support.ts';

const alone: readonly ScriptedLine[] = [[0, joins('anna')]];

describe('one person alone with the agent', () => {
  it('is answered without a name, with a reply prepared while silence is awaited', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 1000, toMs: 2000 }),
      [2600, sounds('r1')],
      [4000, ends('r1')],
    ]);
    expect(played.log).toEqual([
      '2100 prepare-reply r1 for t1',
      '2300 record-turn t1 anna: What time is it?',
      '2300 close-utterance anna',
      '2300 decision t1 anna only-human answer',
      '2300 start-reply r1 for t1',
      '2300 state thinking only-human',
      '2600 state speaking only-human',
      '4000 state listening reply-complete',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('goes on after a pause: the prepared reply is thrown away and the turn is one', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 1000, toMs: 2000 }),
      [2200, speaks('anna')],
      [3000, stops('anna')],
      [3100, said('anna', 'u1', 'What time is it in Rome?')],
    ]);
    expect(played.log).toEqual([
      '2100 prepare-reply r1 for t1',
      '2200 discard-reply r1',
      '3100 prepare-reply r2 for t1',
      '3300 record-turn t1 anna: What time is it in Rome?',
      '3300 close-utterance anna',
      '3300 decision t1 anna only-human answer',
      '3300 start-reply r2 for t1',
      '3300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('has longer to go on when the words sound unfinished', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'I would like to go to the', { fromMs: 0, toMs: 1000 }),
    ]);
    expect(played.log).toEqual([
      '1100 waiting anna unfinished-sentence until 2200',
      '1600 prepare-reply r1 for t1',
      '2200 waiting anna unfinished-sentence over',
      '2200 record-turn t1 anna: I would like to go to the',
      '2200 close-utterance anna',
      '2200 decision t1 anna only-human answer',
      '2200 start-reply r1 for t1',
      '2200 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is answered at once when the words come after the wait', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000, transcriptMs: 700 }),
    ]);
    expect(played.log).toEqual([
      '1700 record-turn t1 anna: What time is it?',
      '1700 close-utterance anna',
      '1700 decision t1 anna only-human answer',
      '1700 start-reply r1 for t1',
      '1700 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('coughs: no words, no turn, no decision', () => {
    const played = playTimeline([...alone, ...utters('anna', 'u1', ' ', { fromMs: 0, toMs: 1000 })]);
    expect(played.log).toEqual(['1100 close-utterance anna']);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is not understood: nothing is decided', () => {
    const played = playTimeline([
      ...alone,
      [0, speaks('anna')],
      [1000, stops('anna')],
      [1200, isLost('anna', 'u1')],
    ]);
    expect(played.log).toEqual(['1200 close-utterance anna']);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is half understood: what is left is the turn', () => {
    const played = playTimeline([
      ...alone,
      [0, speaks('anna')],
      [900, said('anna', 'u1', 'What time is it?')],
      [1000, stops('anna')],
      [1100, speaks('anna')],
      [1200, stops('anna')],
      [1300, isLost('anna', 'u2')],
    ]);
    expect(played.log).toEqual([
      '1000 prepare-reply r1 for t1',
      '1100 discard-reply r1',
      '1300 prepare-reply r2 for t1',
      '1500 record-turn t1 anna: What time is it?',
      '1500 close-utterance anna',
      '1500 decision t1 anna only-human answer',
      '1500 start-reply r2 for t1',
      '1500 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is transcribed by a streaming engine that is ahead of voice activity', () => {
    const played = playTimeline([
      ...alone,
      [0, speaks('anna')],
      [500, hears('anna', 'u1', 'what')],
      [950, said('anna', 'u1', 'What time is it?')],
      [1000, stops('anna')],
    ]);
    expect(played.log).toEqual([
      '1000 prepare-reply r1 for t1',
      '1300 record-turn t1 anna: What time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna only-human answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('speaks too softly for voice activity: the wait runs from the last words', () => {
    const played = playTimeline([
      ...alone,
      [500, hears('anna', 'u1', 'what')],
      [950, said('anna', 'u1', 'What time is it?')],
    ]);
    expect(played.log).toEqual([
      '950 prepare-reply r1 for t1',
      '1250 record-turn t1 anna: What time is it?',
      '1250 close-utterance anna',
      '1250 decision t1 anna only-human answer',
      '1250 start-reply r1 for t1',
      '1250 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('says several utterances: they stand in the order in which they were first heard', () => {
    const played = playTimeline([
      ...alone,
      [0, speaks('anna')],
      [300, hears('anna', 'u1', 'tell me')],
      [600, hears('anna', 'u2', 'a joke')],
      [900, said('anna', 'u2', 'a joke')],
      [1000, stops('anna')],
      [1100, said('anna', 'u1', 'Tell me')],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1300 record-turn t1 anna: Tell me a joke',
      '1300 close-utterance anna',
      '1300 decision t1 anna only-human answer',
      '1300 start-reply r1 for t1',
      '1300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is answered in the end when recognition never reports on a noise after the question', () => {
    const played = playTimeline([
      ...alone,
      [0, speaks('anna')],
      [900, said('anna', 'u1', 'What time is it?')],
      [1000, stops('anna')],
      [1100, speaks('anna')],
      [1200, stops('anna')],
    ]);
    expect(played.log).toEqual([
      '1000 prepare-reply r1 for t1',
      '1100 discard-reply r1',
      '9200 record-turn t1 anna: What time is it?',
      '9200 close-utterance anna',
      '9200 decision t1 anna only-human answer',
      '9200 start-reply r2 for t1',
      '9200 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is not answered twice when words of a committed turn come late', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [2000, said('anna', 'u1', 'What time is it now?')],
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

  it('gets a new preparation when recognition changes its mind', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, said('anna', 'u1', 'What time is it now?')],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1200 discard-reply r1',
      '1200 prepare-reply r2 for t1',
      '1300 record-turn t1 anna: What time is it now?',
      '1300 close-utterance anna',
      '1300 decision t1 anna only-human answer',
      '1300 start-reply r2 for t1',
      '1300 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('keeps the preparation when recognition says the same again', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, said('anna', 'u1', 'What time is it?')],
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

  it('types: each message is a turn at once, and the newer answered one wins', () => {
    const played = playTimeline([
      ...alone,
      [100, types('anna', 'ciao')],
      [200, sounds('r1')],
      [300, types('anna', 'what time is it')],
      [310, ends('r1', 'interrupted')],
      [900, ends('r2')],
    ]);
    expect(played.log).toEqual([
      '100 record-turn t1 anna: ciao',
      '100 decision t1 anna only-human answer',
      '100 start-reply r1 for t1',
      '100 state thinking only-human',
      '200 state speaking only-human',
      '300 record-turn t2 anna: what time is it',
      '300 decision t2 anna only-human answer',
      '300 queue anna',
      '310 state listening reply-interrupted',
      '310 queue',
      '310 start-reply r2 for t2',
      '310 state thinking only-human',
      '900 state listening reply-complete',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('types nothing, and a stranger types: no turn', () => {
    const played = playTimeline([...alone, [100, types('anna', '  ')], [200, types('zoe', 'hi')]]);
    expect(played.log).toEqual([]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is heard once when joining twice', () => {
    const played = playTimeline([...alone, [10, joins('anna')], [100, types('anna', 'ciao')]]);
    expect(played.log).toEqual([
      '100 record-turn t1 anna: ciao',
      '100 decision t1 anna only-human answer',
      '100 start-reply r1 for t1',
      '100 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('leaves before the turn commits', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, leaves('anna')],
    ]);
    expect(played.log).toEqual(['1100 prepare-reply r1 for t1', '1200 discard-reply r1']);
    expect(played.pendingTimers).toEqual([]);
  });

  it('leaves while being answered: nobody is left to hear it', () => {
    const played = playTimeline([
      ...alone,
      [0, types('anna', 'tell a story')],
      [500, leaves('anna')],
      [600, ends('r1', 'interrupted')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
      '500 stop-reply r1',
      '500 decision t1 anna room-empty stop',
      '600 state listening room-empty',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('hears the end of the answer while the worker drains, and no other', () => {
    const played = playTimeline([
      ...alone,
      [0, types('anna', 'tell a story')],
      [400, drains],
      [500, sounds('r1')],
      [900, ends('r1')],
      [1000, types('anna', 'more')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
      '500 state speaking only-human',
      '900 state listening reply-complete',
      '1000 record-turn t2 anna: more',
      '1000 decision t2 anna held silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is not answered when the drain comes between preparation and commit', () => {
    const played = playTimeline([
      ...alone,
      ...utters('anna', 'u1', 'What time is it?', { fromMs: 0, toMs: 1000 }),
      [1200, drains],
    ]);
    expect(played.log).toEqual([
      '1100 prepare-reply r1 for t1',
      '1200 discard-reply r1',
      '1300 record-turn t1 anna: What time is it?',
      '1300 close-utterance anna',
      '1300 decision t1 anna held silent',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });
});
