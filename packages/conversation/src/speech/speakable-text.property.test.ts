import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakableText } from './speakable-text.ts';
import type { SpeechMarkup } from './speech-markup.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const language = fc.constantFrom<SpokenLanguage>('it', 'en');
const markup = fc.constantFrom<SpeechMarkup>('none', 'ssml', 'elevenlabs', 'cartesia');
const fragment = fc.constantFrom(
  ...'0 1 7 12 1.000 3,5 . , : ; / - + * # @ € $ % ° º ½ ² [ ] ( ) { } < > & \' " a b pm AM IV XL Luigi dott. ecc. www. http:// .it \n'.split(
    ' ',
  ),
  ' ',
  '[pause 400ms]',
  '[slow]',
  '[/slow]',
  '[spell]',
  '[/spell]',
);
const messy = fc.oneof(
  fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const plainWord = fc.constantFrom(
  ...'ciao bene domani andiamo perché città the weather is nice today and tomorrow Anna Bob'.split(' '),
);
const plainText = fc
  .tuple(fc.array(plainWord, { minLength: 1, maxLength: 20 }), fc.constantFrom('', '.', '!', '?'))
  .map(([words, end]) => words.join(' ') + end);

describe('text for a voice', () => {
  it('leaves plain words as they are', () => {
    fc.assert(
      fc.property(plainText, language, (text, language) => {
        expect(speakableText(text, { language, markup: 'none' })).toBe(text);
      }),
    );
  });

  it('has no digits, no tags and no brackets of marks where the voice takes no marks', () => {
    fc.assert(
      fc.property(messy, language, (text, language) => {
        const spoken = speakableText(text, { language, markup: 'none' });
        expect(spoken).not.toMatch(/\d|[<>]|\[\/?(?:pause|slow|spell)/);
      }),
      { numRuns: 500 },
    );
  });

  it('never becomes empty where there are letters beside the marks', () => {
    fc.assert(
      fc.property(messy, language, markup, (text, language, markup) => {
        const withoutBrackets = `${text.replace(/[[\]]/g, '')} è`;
        expect(speakableText(withoutBrackets, { language, markup })).toMatch(/\p{L}/u);
      }),
      { numRuns: 500 },
    );
  });

  it('is well-formed SSML: every tag is closed and every sign escaped', () => {
    fc.assert(
      fc.property(messy, language, (text, language) => {
        const ssml = speakableText(text, { language, markup: 'ssml' });
        const open: string[] = [];
        for (const [, slash, name, empty] of ssml.matchAll(
          /<(\/?)([a-z-]+)(?: [a-z-]+="[a-z0-9]+")*(\/?)>/g,
        )) {
          if (slash === '/') expect(open.pop()).toBe(name);
          else if (empty === '') open.push(name ?? '');
        }
        expect(open).toEqual([]);
        const words = ssml.replace(/<\/?[a-z-]+(?: [a-z-]+="[a-z0-9]+")*\/?>/g, '');
        expect(words).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['digits', '1'],
    ['groups of digits', '1.'],
    ['prices', '€1'],
    ['ranges', '1-'],
    ['fractions', '1/'],
    ['addresses', 'a.'],
    ['mails', 'a@'],
    ['links', 'http://'],
    ['capitals', 'A'],
    ['initials', 'A.'],
    ['telephone numbers', '+1 555 '],
    ['times', '9:00-'],
    ['open marks', '[pause '],
    ['open spans', '[slow]'],
    ['titles', 'dott. '],
    ['blanks', ' '],
  ])('takes time in proportion to 10,000 characters of %s', (_name, part) => {
    const text = part.repeat(Math.ceil(10_000 / part.length));
    for (const language of ['it', 'en'] as const) {
      const startMs = performance.now();
      const spoken = speakableText(text, { language, markup: 'none' });
      // Some 20 ms on a slow machine; in proportion to the square it would be minutes.
      expect(performance.now() - startMs).toBeLessThan(2_000);
      expect(spoken).not.toMatch(/\d/);
    }
  });
});
