/** Halves, quarters and other parts of a whole. */
import { cardinal } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const names: Readonly<
  Record<SpokenLanguage, Readonly<Record<number, readonly [one: string, many: string]>>>
> = {
  en: {
    2: ['half', 'halves'],
    3: ['third', 'thirds'],
    4: ['quarter', 'quarters'],
    5: ['fifth', 'fifths'],
    6: ['sixth', 'sixths'],
    8: ['eighth', 'eighths'],
  },
  it: {
    2: ['mezzo', 'mezzi'],
    3: ['terzo', 'terzi'],
    4: ['quarto', 'quarti'],
    5: ['quinto', 'quinti'],
    6: ['sesto', 'sesti'],
    8: ['ottavo', 'ottavi'],
  },
};

const signs: Readonly<Record<string, readonly [number, number]>> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅛': [1, 8],
  '⅜': [3, 8],
};

export function fractionRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      pattern: /(?:(?<![\p{L}\d.,])(\d{1,3}) ?)?([½⅓⅔¼¾⅕⅛⅜])(?=( \p{Ll}{3,20})?)/gu,
      say: ([, whole, sign = '', noun]) => {
        const [top, bottom] = signs[sign] ?? [0, 0];
        return part(whole, top, bottom, noun, language);
      },
    },
    {
      pattern:
        /(?<![\p{L}\d]|\d[.,:/-])(?:(\d{1,3}) )?(\d{1,2})\/(\d{1,4})(?![\p{L}\d]|[.,:/-]\d)(?=( \p{Ll}{3,20})?)/gu,
      say: ([, whole, top = '', bottom = '', noun]) => {
        if (language === 'en' && `${top}/${bottom}` === '24/7') return 'twenty-four seven';
        const words = part(whole, Number(top), Number(bottom), noun, language);
        if (words !== undefined) return words;
        const opening = whole === undefined ? '' : `${cardinal(whole, language)} `;
        const isMark = Number(bottom) === 10 || top === bottom;
        return `${opening}${cardinal(top, language)} ${language === 'it' ? 'su' : isMark ? 'out of' : 'over'} ${cardinal(bottom, language)}`;
      },
    },
  ];
}

/** Undefined where the part has no name of its own. */
function part(
  whole: string | undefined,
  top: number,
  bottom: number,
  noun: string | undefined,
  language: SpokenLanguage,
): string | undefined {
  const name = names[language][bottom];
  if (name === undefined || top === 0 || top >= bottom) return undefined;
  const many = `${cardinal(String(top), language)} ${name[1]}`;
  const isHalf = top === 1 && bottom === 2;
  if (language === 'en') {
    if (whole === undefined) return top === 1 ? `one ${name[0]}` : many;
    return `${cardinal(whole, 'en')} and ${isHalf ? 'a half' : top === 1 ? `one ${name[0]}` : many}`;
  }
  if (whole !== undefined)
    return `${cardinal(whole, 'it')} e ${isHalf ? 'mezzo' : top === 1 ? `un ${name[0]}` : many}`;
  if (isHalf && noun !== undefined && /[aeo]$/.test(noun) && !/^ (?:del|per|che|come|sono)/.test(noun))
    return noun.endsWith('a') ? 'mezza' : 'mezzo';
  return top === 1 ? `un ${name[0]}` : many;
}
