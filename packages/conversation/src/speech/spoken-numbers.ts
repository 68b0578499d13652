/** Numbers that are nothing special: versions, negative ones, counted things, and whatever digits are left. */
import { cardinal, digitByDigit, numeralPattern, writtenNumberWords } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { italianOne } from './spoken-quantities.ts';

/** Words behind a one that it does not count. */
const noNoun =
  /^(?:alla|alle|allo|che|chi|con|contro|dal|dalla|dalle|degli|dei|del|della|delle|dello|fino|fra|meno|nel|nella|non|oppure|per|più|poi|punto|sono|sul|sulla|tra|una|uno|uguale|virgola|volte|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)$/;

export function numberRules(language: SpokenLanguage): readonly SpokenRule[] {
  const isItalian = language === 'it';
  const rules: SpokenRule[] = [
    { pattern: /(?<![\p{L}\d])v(?=\d)/gu, say: () => (isItalian ? 'versione ' : 'version ') },
    {
      // Versions and network addresses: more than one point, and no groups of thousands.
      pattern: /(?<![\p{L}\d]|\d[.,:/-])\d{1,5}(?:\.\d{1,5}){2,5}(?![\p{L}\d])/gu,
      say: ([written]) => {
        if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(written)) return undefined;
        const parts = written.split('.').map((part) => cardinal(part, language));
        return parts.join(isItalian ? ' punto ' : ' point ');
      },
    },
    {
      // A score, a ratio.
      pattern: /(?<![\p{L}\d]|\d[.,:/-])(\d{1,3}):(\d{1,3})(?![\p{L}\d]|[.,:/-]\d)/gu,
      say: ([, left = '', right = '']) =>
        `${cardinal(left, language)} ${isItalian ? 'a' : 'to'} ${cardinal(right, language)}`,
    },
    {
      pattern: new RegExp(`(?<![\\p{L}\\d]|\\d[.,])[-−](${numeralPattern})(?![\\p{L}\\d]|[.,:/-]\\d)`, 'gu'),
      say: ([, written = '']) => `${isItalian ? 'meno' : 'minus'} ${writtenNumberWords(written, language)}`,
    },
  ];
  if (!isItalian) {
    rules.push({
      pattern: /(?<![\p{L}\d])(\d)[’'] ?(\d{1,2})["”]?(?![\p{L}\d])/gu,
      say: ([, feet = '', inches = '']) => `${cardinal(feet, 'en')} foot ${cardinal(inches, 'en')}`,
    });
  }
  if (isItalian) {
    rules.push({
      pattern: /(?<![\p{L}\d]|\d[.,:/-])1 (\p{Ll}{3,20})(?!\p{L})/gu,
      say: ([, noun = '']) =>
        noNoun.test(noun) || !/[aeo]$/.test(noun)
          ? undefined
          : `${italianOne(noun, noun.endsWith('a'))}${noun}`,
    });
  }
  return [
    ...rules,
    {
      // A letter that touches a number is read apart from it.
      pattern: new RegExp(`(?:(?<=\\p{L})-)?(?:(${numeralPattern})(?!\\d)|(\\d{1,400}))`, 'gu'),
      say: (match) => {
        const [whole, written, long = ''] = match;
        const words =
          written === undefined ? digitByDigit(long, language) : writtenNumberWords(written, language);
        return apart(match.input[match.index - 1], words, match.input[match.index + whole.length]);
      },
    },
  ];
}

function apart(before: string | undefined, words: string, after: string | undefined): string {
  const touches = /[\p{L}\p{M}\d]/u;
  return `${before !== undefined && touches.test(before) ? ' ' : ''}${words}${after !== undefined && touches.test(after) ? ' ' : ''}`;
}
