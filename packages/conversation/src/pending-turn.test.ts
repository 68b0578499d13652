import { describe, expect, it } from 'vitest';
import {
  hears,
  joins,
  playTimeline,
  type ScriptedLine,
  said,
  speaks,
  stops,
} from './scripted-timeline.test-support.ts';

/** Moments and texts of the turns that were recorded. */
function turns(lines: readonly ScriptedLine[]): readonly string[] {
  return playTimeline([[0, joins('anna')], ...lines]).log.flatMap((line) => {
    const match = /^(\d+) record-turn \S+ anna: (.*)$/.exec(line);
    return match === null ? [] : [`${match[1]} ${match[2]}`];
  });
}

describe('words owed for a stretch of speech', () => {
  it('are those of its last utterance, where a long one was cut while it sounded', () => {
    expect(
      turns([
        [0, speaks('anna')],
        [29_500, said('anna', 'u1', 'The first half.')],
        [31_000, stops('anna', 'u2')],
        [32_500, said('anna', 'u2', 'The second half.')],
      ]),
    ).toEqual(['32500 The first half. The second half.']);
  });

  it('have come when a streaming engine gave them before the pause, earlier pauses or not', () => {
    expect(
      turns([
        [0, speaks('anna')],
        [400, stops('anna', 'u1')],
        [500, speaks('anna')],
        [950, said('anna', 'u1', 'What time is it?')],
        [1_000, stops('anna', 'u1')],
      ]),
    ).toEqual(['1300 What time is it?']);
  });

  it('come again when the engine hears more after its final', () => {
    expect(
      turns([
        [0, speaks('anna')],
        [900, said('anna', 'u1', 'What time is it?')],
        [1_000, stops('anna', 'u1')],
        [1_100, hears('anna', 'u1', 'What time is it now')],
        [1_600, said('anna', 'u1', 'What time is it now?')],
      ]),
    ).toEqual(['1600 What time is it now?']);
  });

  it('do not come from an utterance that resumed: its words so far are of an earlier stretch', () => {
    expect(
      turns([
        [0, speaks('anna')],
        [1_000, stops('anna', 'u1')],
        [1_100, said('anna', 'u1', 'What time is it?')],
        [1_200, speaks('anna')],
        [2_000, stops('anna', 'u1')],
        [2_900, said('anna', 'u1', 'What time is it in Rome?')],
      ]),
    ).toEqual(['2900 What time is it in Rome?']);
  });
});
