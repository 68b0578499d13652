/** From one number to another: what is said between them hangs on the word before and on the language. */
import { numeralPattern, writtenNumberWords, yearWords } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** The words before a range that already say what it is, with the blank behind. Optional, captured. */
export const beforeRange =
  '(?:(da|tra|fra|dal|entro|in|per|di|dopo|ogni|con|circa|altri|altre|i|gli|le|from|between) )?';

/** Two numbers with a hyphen or dash between. */
export function rangeRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      // A score: the higher number stands first.
      pattern: /(?<![\p{L}\d]|\d[.,:/-])(\d{1,2})-(\d{1,2})(?![\p{L}\d%€°²]|[.,:/-]\d)/gu,
      say: ([, home = '', guests = '']) =>
        Number(home) > Number(guests)
          ? `${writtenNumberWords(home, language)} ${language === 'it' ? 'a' : 'to'} ${writtenNumberWords(guests, language)}`
          : undefined,
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d]|\\d[.,:/-])${beforeRange}(${numeralPattern}) ?[-–] ?(${numeralPattern})(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'giu',
      ),
      say: ([, before, from = '', to = '']) =>
        rangeWords(before, placed(from, language), placed(to, language), language),
    },
  ];
}

export function rangeWords(
  before: string | undefined,
  low: string,
  high: string,
  language: SpokenLanguage,
): string {
  const opening = before === undefined ? '' : `${before} `;
  if (language === 'en') return `${opening}${low} ${/^between$/i.test(before ?? '') ? 'and' : 'to'} ${high}`;
  if (/^(?:tra|fra)$/i.test(before ?? '')) return `${opening}${low} e ${high}`;
  if (/^dal$/i.test(before ?? '')) return `${opening}${low} al ${high}`;
  // Behind other small words the numbers only stand side by side.
  if (before !== undefined && !/^da$/i.test(before)) return `${opening}${low}, ${high}`;
  return `${before ?? 'da'} ${low} a ${high}`;
}

/** Four digits without a mark are a year in English. */
function placed(written: string, language: SpokenLanguage): string {
  if (language === 'en' && /^(?:1[1-9]|20)\d{2}$/.test(written)) return yearWords(written, 'en');
  return writtenNumberWords(written, language);
}
