/** Telephone numbers, digit by digit in groups. */
import { digitByDigit } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** Shapes that are certain: a country code, a leading zero, Italian mobiles, American groups, free numbers. */
const shapes = [
  '(?:\\+|00)\\d{1,3}(?:[ ./-]?\\(?\\d{1,4}\\)?){2,6}',
  '\\(?0\\d{1,4}\\)?[ ./-]\\d{2,8}(?:[ .-]\\d{2,4}){0,4}',
  '0\\d{8,10}',
  '3\\d{2}[ .-]?\\d{3}[ .-]?\\d{3,4}',
  '3\\d{2}[ .-]\\d{2}[ .-]\\d{2}[ .-]\\d{2,3}',
  '\\(\\d{3}\\) ?\\d{3}[ .-]\\d{4}',
  '\\d{3}[ .-]\\d{3}[ .-]\\d{4}',
  '(?:1[ -])?800[ .-]\\d{2,3}[ .-]?\\d{2,4}',
];

export function phoneRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d.,:/+-])(?:${shapes.join('|')})(?![\\p{L}\\d]|[.,:/]\\d| ?[€%])`,
        'gu',
      ),
      say: ([written]) => {
        // Short ones with zeros in front are post codes and the like, and three figures behind points are thousands.
        if (written.replace(/\D/g, '').length < 7 || /^\d{1,3}(?:\.\d{3})+$/.test(written)) return undefined;
        return phoneWords(written, language);
      },
    },
  ];
}

/** Undefined where there are no digits. */
export function phoneWords(written: string, language: SpokenLanguage): string | undefined {
  const groups = written.match(/\d+/g);
  if (groups === null) return undefined;
  const plus = written.startsWith('+') ? (language === 'it' ? 'più ' : 'plus ') : '';
  return (
    plus +
    groups
      .flatMap(shortGroups)
      .map((digits) => digitByDigit(digits, language))
      .join(', ')
  );
}

/** Digits that nobody has put into groups: three at a time, four at the end where one would be left. */
function shortGroups(digits: string): string[] {
  if (digits.length <= 4) return [digits];
  const size = digits.length % 3 === 1 ? digits.length - 4 : digits.length;
  const groups = digits.slice(0, size).match(/\d{1,3}/g) ?? [];
  return size === digits.length ? groups : [...groups, digits.slice(size)];
}
