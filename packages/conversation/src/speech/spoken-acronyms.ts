/** Words of capitals: read as words where they can be, else letter by letter. */
import { cardinal, digitByDigit } from './number-words.ts';
import { isAtEnd, type SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** Read letter by letter although they have vowels. */
const spelled: Readonly<Record<SpokenLanguage, ReadonlySet<string>>> = {
  en: new Set(
    'AI API APIS ATM AWS BBC CEO CFO CIA CTO DIY EU EUR FAQ FBI IBM ID IOT IP IRS IT ISP MIT OS PA QA SEO SOS TV UI UK UN URL US USA USB USD UX VAT VIP VPN'.split(
      ' ',
    ),
  ),
  it: new Set(
    'AI API ATM AWS CEO CFO CTO EU IBM ID IA IOT IP OMS OS PA QA SEO TV UE UI UN URL USB UX IT'.split(' '),
  ),
};

/** Read as words although they do not look like one. */
const saidAsWords = new Set('OK CGIL CISL CRAI FIAT INPS INAIL ISTAT ONU NATO IVA ASL'.split(' '));

const vowel = 'AEIOUÀÈÉÌÒÙY';
/** Consonants that a syllable may begin with in both languages; then at most two between vowels and at the end. */
const onset = `(?:S[CFGLMNPQTVW]|[BCDFGPTV][LR]|CH|GH|GN|SH|TH|WH|[^${vowel}])?`;
const pronounceable = new RegExp(
  `^${onset}(?:[${vowel}]{1,2}[^${vowel}]{1,2}){0,3}[${vowel}]{0,2}[^${vowel}]?$`,
  'u',
);

export function acronymRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      pattern: /(?<![\p{L}\d])((?:\p{Lu}\.){2,6})(?!\p{L})/gu,
      say: (match) => {
        const letters = (match[1] ?? '').replaceAll('.', ' ').trim();
        return isAtEnd(match) ? `${letters}.` : letters;
      },
    },
    {
      // Codes of letters and digits: `A4`, `MP3`, `AB12CD`.
      pattern: /(?<![\p{L}\d])(?=[A-Z\d]{0,11}[A-Z])(?=[A-Z\d]{0,11}\d)[A-Z\d]{2,12}(?![\p{L}\d])/gu,
      say: ([code]) => {
        const parts = code.match(/[A-Z]+|\d+/g) ?? [];
        return parts.map((part) => (/\d/.test(part) ? codeDigits(part, language) : spell(part))).join(' ');
      },
    },
    {
      pattern: /(?<![\p{L}\d.])(\p{Lu}{2,6})(s)?(?![\p{L}\d])/gu,
      say: ([, letters = '', plural = '']) => {
        if (saidAsWords.has(letters)) return undefined;
        if (
          !spelled[language].has(letters) &&
          pronounceable.test(letters) &&
          new RegExp(`[${vowel}]`, 'u').test(letters) &&
          letters.length > 2
        )
          return undefined;
        return spell(letters) + (plural === '' ? '' : `’${plural}`);
      },
    },
  ];
}

/** Four figures and more are no quantity in a code. */
function codeDigits(digits: string, language: SpokenLanguage): string {
  return digits.length > 3 ? digitByDigit(digits, language) : cardinal(digits, language);
}

function spell(letters: string): string {
  return Array.from(letters).join(' ');
}
