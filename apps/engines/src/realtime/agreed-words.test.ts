import { expect, it } from 'vitest';
import { AgreedWords } from './agreed-words.ts';

function deltas(...texts: string[]): string[] {
  const agreed = new AgreedWords();
  return texts.map((text) => agreed.accept(text));
}

it('shows what two recognitions in a row agree on, each word once', () => {
  expect(
    deltas('I would', 'I would like a', 'I would like a table', 'I would like a table for four.'),
  ).toEqual(['', 'I would', ' like a', ' table']);
});

it('does not mind punctuation and case that come and go', () => {
  expect(deltas('Hello there.', 'hello, there my')).toEqual(['', 'hello, there']);
});

it('adds nothing while a recognition contradicts what was shown', () => {
  expect(deltas('The train', 'The train to', 'A rain to', 'A rain to Milan', 'The train to Milan')).toEqual([
    '',
    'The train',
    '',
    '',
    '',
  ]);
});
