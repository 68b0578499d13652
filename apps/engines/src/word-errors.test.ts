import { expect, it } from 'vitest';
import { wordErrors } from './word-errors.ts';

it.each([
  ['Hello there, Sophy!', 'hello there sophy', 0],
  ['Hello there', 'hello their', 1],
  ['Hello there', 'hello', 1],
  ['Hello', 'oh hello there', 2],
  ['Hello there', '', 2],
])('%j heard as %j has %i errors', (reference, heard, errors) => {
  expect(wordErrors(reference, heard).errors).toBe(errors);
});
