import { describe, expect, it } from 'vitest';
import { wordTimes } from './word-times.ts';

describe('wordTimes', () => {
  it('joins pieces of a word and ends it with its last piece', () => {
    const words = wordTimes(
      ['▁Buon', 'gior', 'no', ',', '▁Anna'],
      [0.1, 0.3, 0.5, 0.6, 1],
      [0.2, 0.2, 0.1, 0, 0.3],
    );
    expect(words).toEqual([
      { word: 'Buongiorno,', startSeconds: 0.1, endSeconds: 0.6 },
      { word: 'Anna', startSeconds: 1, endSeconds: 1.3 },
    ]);
  });

  it('takes the start of the next piece where there are no durations', () => {
    const words = wordTimes([' HELLO', ' WOR', 'LD'], [0, 0.5, 0.7]);
    expect(words.map(({ endSeconds }) => endSeconds)).toEqual([0.5, expect.closeTo(0.9)]);
  });

  it('knows no times when the model gives none', () => {
    expect(wordTimes([' Hello'], [])).toEqual([]);
  });
});
