import { expect, it } from 'vitest';
import { SpokenWords } from './spoken-words.ts';

it('says how far the voice has come, as far as the times of the words are known', () => {
  const words = new SpokenWords('Ciao, come stai?');
  expect(words.at(0.1)).toBeUndefined();
  words.add(['Ciao,', 'come'], [0.4, 0.8]);
  expect(words.at(0.1)).toBe(0);
  expect(words.at(0.5)).toBe('Ciao,'.length);
  // What is said after 0.8 s is not known yet.
  expect(words.at(0.9)).toBeUndefined();
  words.add(['stai?'], [1.2]);
  expect(words.at(0.9)).toBe('Ciao, come'.length);
  expect(words.at(5)).toBe('Ciao, come stai?'.length);
});

it('finds the same word twice, and goes on after one that is not in the text', () => {
  const words = new SpokenWords('no, 3 no');
  words.add(['no,', 'three', 'no'], [0.2, 0.5, 0.8]);
  expect(words.at(0.3)).toBe('no,'.length);
  expect(words.at(0.9)).toBe('no, 3 no'.length);
});
