/** Places in a row and degrees: the same small sign stands for both in Italian. */
import { numeralWords, ordinal, parseNumeral } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** Articles, before which the sign makes an ordinal. */
const articles = 'il|lo|la|i|le|al|allo|alla|del|dello|della|dal|sul|nel|un|una|mio|suo|tuo|nostro|loro';

export function ordinalRules(language: SpokenLanguage): readonly SpokenRule[] {
  const degrees: SpokenRule = {
    pattern: /(?<![\p{L}\d]|\d[.,])([-−]?)(\d{1,4}(?:[.,]\d{1,2})?) ?°(?!\p{L})/gu,
    say: ([, sign, digits = '']) => degreeWords(sign === '', digits, language),
  };
  if (language === 'en') {
    return [
      {
        pattern: /(?<![\p{L}\d]|\d[.,])(\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:st|nd|rd|th|º|ª)(?!\p{L})/gu,
        say: ([, digits = '']) => ordinal(digits.replaceAll(',', ''), 'en'),
      },
      degrees,
    ];
  }
  return [
    {
      pattern: /(?<![\p{L}\d])(\d{1,4})[ºª](?!\d)/gu,
      say: ([whole, digits = '']) => ordinal(digits, 'it', whole.endsWith('ª')),
    },
    {
      pattern: new RegExp(`(?<!\\p{L})((?:${articles}) )(\\d{1,3})°(?= \\p{Ll}{3})`, 'giu'),
      say: ([, article = '', digits = '']) =>
        article + ordinal(digits, 'it', /^(?:la|le|alla|della|una) $/i.test(article)),
    },
    degrees,
    {
      pattern: /(?<![\p{L}\d])(\d{1,3})enn([ei])(?!\p{L})/gu,
      say: ([, age = '', ending = '']) =>
        `${numeralWords({ whole: age, fraction: undefined }, 'it').replace(/[aeio]$/, '')}enn${ending}`,
    },
  ];
}

function degreeWords(isPositive: boolean, digits: string, language: SpokenLanguage): string {
  const minus = isPositive ? '' : language === 'it' ? 'meno ' : 'minus ';
  if (digits === '1') return minus + (language === 'it' ? 'un grado' : 'one degree');
  return `${minus}${numeralWords(parseNumeral(digits, language), language)} ${language === 'it' ? 'gradi' : 'degrees'}`;
}
