/** Text as it is spoken: no digits, no signs, no markup, in the words of a language. */
import { speakableWord } from '../speakable-word.ts';
import { replaceMatches, type SpokenRule } from './replace-matches.ts';
import { romanRules } from './roman-numerals.ts';
import { abbreviationRules } from './spoken-abbreviations.ts';
import { acronymRules } from './spoken-acronyms.ts';
import { addressRules } from './spoken-addresses.ts';
import { dateRules, timeRules } from './spoken-calendar.ts';
import { fractionRules } from './spoken-fractions.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { numberRules } from './spoken-numbers.ts';
import { ordinalRules } from './spoken-ordinals.ts';
import { phoneRules } from './spoken-phones.ts';
import { quantityRules } from './spoken-quantities.ts';
import { rangeRules } from './spoken-ranges.ts';
import { signsAlone, signsOfNumbers } from './spoken-symbols.ts';
import { yearRules } from './spoken-years.ts';

/** What is certain comes first: what one rule has said no later one reads again. */
function rulesOf(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    ...addressRules(language),
    ...dateRules(language),
    ...timeRules(language),
    ...abbreviationRules(language),
    ...romanRules(language),
    ...signsOfNumbers(language),
    ...phoneRules(language),
    ...yearRules(language),
    ...quantityRules(language),
    ...ordinalRules(language),
    ...acronymRules(language),
    ...fractionRules(language),
    ...rangeRules(language),
    ...numberRules(language),
    ...signsAlone(language),
  ];
}

const rules: Readonly<Record<SpokenLanguage, readonly SpokenRule[]>> = {
  en: rulesOf('en'),
  it: rulesOf('it'),
};

/** Takes time in proportion to the text. Text that has letters never becomes empty. */
export function spokenWords(text: string, language: SpokenLanguage): string {
  const said = rules[language].reduce(replaceMatches, withoutMarkup(text));
  const words = tidy(said);
  if (/\p{L}/u.test(words) || !/\p{L}/u.test(text)) return words;
  return tidy(text.replace(/[^\p{L}\p{M}\s]/gu, ' '));
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,;:!?)…]|\.(?!\p{L}))/gu, '')
    .trim();
}

/** Lines without end mark end in a comma: a list is read with breath between. */
function withoutMarkup(text: string): string {
  const lines = text.split('\n').map((line) => {
    let isLineStart = true;
    const words: string[] = [];
    for (const word of line.split(/\s+/)) {
      const spoken = speakableWord(word, isLineStart);
      if (spoken === '') continue;
      isLineStart = false;
      words.push(spoken);
    }
    return words.join(' ');
  });
  return lines
    .filter((line) => line !== '')
    .reduce(
      (whole, line) => (whole === '' ? line : `${whole}${/[\p{L}\p{N}]$/u.test(whole) ? ',' : ''} ${line}`),
      '',
    );
}
