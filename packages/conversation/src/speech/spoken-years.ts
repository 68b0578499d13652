/** Years and decades where the words around make them certain. */
import { cardinal, yearWords } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const beforeYear =
  'in|since|until|till|by|from|year|of|circa|before|after|during|between|spring|summer|autumn|winter|fall|early|late|mid|and|to|class';

/** Italian years are plain numbers; only their short decades are special. */
export function yearRules(language: SpokenLanguage): readonly SpokenRule[] {
  if (language === 'it') {
    return [
      {
        pattern: /(?<![\p{L}\d])[’'](\d{2})(?![\d%]|[.,:]\d)/gu,
        say: ([, decade = '']) => cardinal(decade, 'it'),
      },
    ];
  }
  return [
    {
      pattern: /(?<![\p{L}\d]|\d[.,:/-])((?:1[1-9]|20)\d0)[’']?s(?![\p{L}\d])/gu,
      say: ([, decade = '']) => plural(yearWords(decade, 'en')),
    },
    {
      pattern:
        /(?<=(?<!\p{L})(?:the|mid|late|early|my|his|her|their|in) |-)[’']?([2-9]0)s(?![\p{L}\d])|[’']([2-9]0)s(?![\p{L}\d])/giu,
      say: ([, decade, short]) => plural(cardinal(decade ?? short ?? '', 'en')),
    },
    {
      pattern: /(?<![\p{L}\d])[’'](\d{2})(?![\p{L}\d%]|[.,:]\d)/gu,
      say: ([, year = '']) => cardinal(year, 'en'),
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d])(?:(${beforeYear}) )?((?:1[1-9]|20)\\d{2})(?![\\p{L}\\d%€$£°]|[.,:/-]\\d|[ ]?[-–][ ]?\\d| [€%°]| \\p{L}{1,3}²)`,
        'giu',
      ),
      say: ([, before, year = '']) => {
        if (before === undefined && !/^(?:19|20)/.test(year)) return undefined;
        return `${before === undefined ? '' : `${before} `}${yearWords(year, 'en')}`;
      },
    },
  ];
}

function plural(words: string): string {
  return words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`;
}
