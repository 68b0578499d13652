import { expect, it } from 'vitest';
import { whisperLanguage, whisperLanguages } from './whisper-languages.ts';

it('knows the 99 languages of multilingual Whisper', () => {
  expect(whisperLanguages.size).toBe(99);
});

it.each([
  ['it', 'it'],
  ['it-IT', 'it'],
  [' EN_us ', 'en'],
  ['xx', undefined],
  ['', undefined],
  ['english', undefined],
])('reads %j as %j', (given, expected) => {
  expect(whisperLanguage(given)).toBe(expected);
});
