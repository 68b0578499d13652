import { describe, expect, it } from 'vitest';
import { requestedLanguage } from './requested-language.ts';

const whisper = { title: 'Whisper base', languages: [] };
const english = { title: 'Whisper tiny, English', languages: ['en'] };

describe('requestedLanguage', () => {
  it.each([
    ['it-IT', 'it'],
    ['en', 'en'],
    ['auto', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes %s as %s', (asked, code) => {
    expect(requestedLanguage(asked, whisper)).toBe(code);
  });

  it('refuses what would end the process, and what the model does not know', () => {
    expect(() => requestedLanguage('klingon', whisper)).toThrow(/unknown/);
    expect(() => requestedLanguage('it', english)).toThrow(/only en/);
  });
});
