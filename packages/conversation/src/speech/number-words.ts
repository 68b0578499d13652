/** Numbers as words in the languages that the agent speaks. */
import { toCardinal as toEnglish, toOrdinal as toEnglishOrdinal } from 'n2words/en-US';
import { toCardinal as toItalian } from 'n2words/it-IT';
import type { SpokenLanguage } from './spoken-language.ts';

/** A written number, taken apart. */
export type Numeral = {
  /** Digits without separators. */
  readonly whole: string;
  /** Digits behind the decimal mark. */
  readonly fraction: string | undefined;
};

/** More digits than this are no quantity: they are read one by one. */
const longestQuantity = 15;

const digitNames = {
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  it: ['zero', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove'],
} as const;

const decimalMark = { en: 'point', it: 'virgola' } as const;
const thousandsMark = { en: ',', it: '.' } as const;

/** A number as people write it, to be put into a larger pattern. Bounded, so that it is linear. */
export const numeralPattern =
  '\\d{1,3}(?:[.,\u00a0\u202f]\\d{3}){1,6}(?!\\d)(?:[.,]\\d{1,9})?|\\d{1,18}(?:[.,]\\d{1,12})?';

/** `1.000` is a thousand in Italian and one in English; where both separators stand, the last is the decimal mark. */
export function parseNumeral(written: string, language: SpokenLanguage): Numeral {
  const raw = written.replace(/[\u00a0\u202f]/g, '');
  const marks = raw.replace(/\d/g, '');
  const last = marks.at(-1);
  if (last === undefined) return { whole: raw, fraction: undefined };
  const groups = raw.split(/[.,]/);
  const tail = groups.at(-1) ?? '';
  const isGrouped =
    new Set(marks).size === 1 && tail.length === 3 && (marks.length > 1 || last === thousandsMark[language]);
  if (isGrouped && groups[0] !== '0') return { whole: groups.join(''), fraction: undefined };
  return { whole: groups.slice(0, -1).join(''), fraction: tail };
}

/** A whole number, given as digits. Those that begin with zero are read digit by digit: they are codes. */
export function cardinal(digits: string, language: SpokenLanguage): string {
  if (digits.length > longestQuantity || /^0\d/.test(digits)) return digitByDigit(digits, language);
  return language === 'it' ? toItalian(digits).replace(/ e /g, ' ') : toEnglish(digits);
}

/** One digit after the other, e.g. of a telephone number. */
export function digitByDigit(digits: string, language: SpokenLanguage): string {
  return Array.from(digits, (digit) => digitNames[language][Number(digit)] ?? '').join(' ');
}

export function numeralWords({ whole, fraction }: Numeral, language: SpokenLanguage): string {
  if (fraction === undefined) return cardinal(whole, language);
  // Italian reads two digits behind the comma as a number, English reads digits.
  const isRead = language === 'it' && fraction.length <= 2 && !fraction.startsWith('0');
  const tail = isRead ? cardinal(fraction, language) : digitByDigit(fraction, language);
  return `${cardinal(whole, language)} ${decimalMark[language]} ${tail}`;
}

/** A number as it is written, as words. */
export function writtenNumberWords(written: string, language: SpokenLanguage): string {
  return numeralWords(parseNumeral(written, language), language);
}

const italianOrdinals = 'primo secondo terzo quarto quinto sesto settimo ottavo nono decimo'.split(' ');

/** The place in a row; `feminine` only matters in Italian. Zero has none: it is read as a number. */
export function ordinal(digits: string, language: SpokenLanguage, isFeminine = false): string {
  const value = BigInt(digits);
  if (value === 0n || digits.length > longestQuantity) return cardinal(digits, language);
  if (language === 'en') return toEnglishOrdinal(value);
  const masculine = italianOrdinals[Number(value) - 1] ?? `${italianOrdinalStem(toItalian(value))}esimo`;
  return isFeminine ? masculine.replace(/o$/, 'a') : masculine;
}

/** The cardinal without its last vowel, which only three and six keep. */
function italianOrdinalStem(words: string): string {
  if (words.endsWith('tré')) return words.replace(/é$/, 'e');
  if (words.endsWith('mila')) return `${words.slice(0, -1).replace(/il$/, 'ill')}`;
  if (words.endsWith('mille')) return words.slice(0, -1);
  return /(?:tre|sei)$/.test(words) ? words : words.replace(/[aeio]$/, '');
}

/** A year: English reads it in two halves. */
export function yearWords(digits: string, language: SpokenLanguage): string {
  if (language === 'it' || digits.length !== 4) return cardinal(digits, language);
  const century = digits.slice(0, 2);
  const rest = digits.slice(2);
  if (rest === '00')
    return century.endsWith('0') ? cardinal(digits, 'en') : `${cardinal(century, 'en')} hundred`;
  if (/^[12]00[1-9]$/.test(digits))
    return `${cardinal(`${century}00`, 'en')} ${cardinal(rest.slice(1), 'en')}`;
  return `${cardinal(century, 'en')} ${rest.startsWith('0') ? `oh ${cardinal(rest.slice(1), 'en')}` : cardinal(rest, 'en')}`;
}
