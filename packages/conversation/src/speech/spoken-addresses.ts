/** Web addresses and e-mail addresses as people say them. */
import { digitByDigit } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const signs: Readonly<Record<SpokenLanguage, Readonly<Record<string, string>>>> = {
  en: {
    '.': 'dot',
    '@': 'at',
    '/': 'slash',
    '-': 'dash',
    _: 'underscore',
    ':': 'colon',
    '?': 'question mark',
    '=': 'equals',
    '&': 'and',
    '#': 'hash',
    '%': 'percent',
    '+': 'plus',
    '~': 'tilde',
  },
  it: {
    '.': 'punto',
    '@': 'chiocciola',
    '/': 'barra',
    '-': 'trattino',
    _: 'trattino basso',
    ':': 'due punti',
    '?': 'punto interrogativo',
    '=': 'uguale',
    '&': 'e commerciale',
    '#': 'cancelletto',
    '%': 'percento',
    '+': 'più',
    '~': 'tilde',
  },
};

/** Names under which a word with dots is a web address even without `www`. */
const topLevels = 'com|org|net|it|eu|io|dev|ai|app|uk|de|fr|gov|edu|info|cloud|online|shop|tv|me';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const path = '(?:[/?#][\\p{L}\\p{N}/?#=&%+~._:@-]{0,200})?';

export function addressRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}._%+-])[a-z0-9._%+-]{1,64}@(?:${label}\\.){1,5}[a-z]{2,24}(?![a-z0-9])`,
        'giu',
      ),
      say: ([address]) => spellAddress(address, language),
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}@.-])(?:(?:https?|ftp|wss?)://([\\p{L}\\p{N}/?#=&%+~._:@-]{1,300})|www\\.((?:${label}\\.){1,5}[a-z]{2,24}${path})|((?:${label}\\.){1,4}(?:${topLevels})(?![\\p{L}\\p{N}-])${path}))`,
        'giu',
      ),
      say: ([whole, behindScheme, behindWww, bare]) => {
        const address = behindScheme?.replace(/^www\./i, '') ?? behindWww ?? bare ?? whole;
        const last = /[.?:]+$/.exec(address)?.[0] ?? '';
        const words = address.slice(0, address.length - last.length).replace(/\/$/, '');
        return `${spellAddress(words, language)}${last}`;
      },
    },
  ];
}

function spellAddress(address: string, language: SpokenLanguage): string {
  return address
    .toLowerCase()
    .replace(/\d+/g, (digits) => ` ${digitByDigit(digits, language)} `)
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, (sign) => ` ${signs[language][sign] ?? ''} `)
    .replace(/\s+/g, ' ')
    .trim();
}
