import { describe, expect, it } from 'vitest';
import { heardWords, rate, sumOf } from './heard-words.ts';

describe('heardWords', () => {
  it('compares numbers as they are spoken', () => {
    expect(heardWords('Abita al numero dodici.', 'Abita al numero 12.', 'it')).toEqual({
      errors: 0,
      words: 4,
    });
    expect(heardWords('Ho otto anni', 'Ho 8 anni.', 'it').errors).toBe(0);
  });

  it('takes either apostrophe for the same', () => {
    expect(heardWords("C'è una farmacia?", 'C’è una farmacia?', 'it')).toEqual({ errors: 0, words: 3 });
  });

  it('counts wrong, missing and added words', () => {
    expect(heardWords('che tempo fa oggi a Roma', 'che campo fa a Roma', 'it')).toEqual({
      errors: 2,
      words: 6,
    });
  });
});

describe('rate', () => {
  it('is of all words together', () => {
    expect(rate(sumOf([{ errors: 1, words: 2 }, undefined, { errors: 0, words: 8 }]))).toBe('10 %');
  });

  it('is nothing where there are no words', () => {
    expect(rate(sumOf([]))).toBe('-');
  });
});
