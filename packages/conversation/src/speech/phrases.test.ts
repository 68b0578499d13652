import { describe, expect, it } from 'vitest';
import { phrase, phraseIndex, phraseVariants } from './phrases.ts';
import { speakableText } from './speakable-text.ts';

const names = ['apology', 'recognitionApology', 'filler', 'budgetSpent', 'goOn'] as const;
const languages = ['it', 'en'] as const;

describe('phrases', () => {
  it('rotate with the turn', () => {
    const turns = Array.from({ length: 40 }, (_, index) => `e1-t${index}`);
    const said = new Set(turns.map((turnId) => phrase('filler', 'it', phraseIndex(turnId))));
    expect(said).toEqual(new Set(phraseVariants('filler', 'it')));
    expect(phrase('filler', 'it', phraseIndex('e1-t1'))).toBe(phrase('filler', 'it', phraseIndex('e1-t1')));
    expect(phrase('filler', 'en', 0)).not.toBe(phrase('filler', 'en', 1));
    expect(phraseVariants('filler', 'en')).toContain(phrase('filler', 'en', -7.5));
  });

  it.each(languages.flatMap((language) => names.map((name) => ({ name, language }))))(
    'are said as they are written: $name in $language',
    ({ name, language }) => {
      for (const text of phraseVariants(name, language))
        expect(speakableText(text, { language, markup: 'none' })).toBe(text);
    },
  );
});
