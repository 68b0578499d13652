/** Whether somebody asks to be spoken to in a language. */
import type { SpokenLanguage } from './spoken-language.ts';

const names: Readonly<Record<string, SpokenLanguage>> = {
  english: 'en',
  inglese: 'en',
  italian: 'it',
  italiano: 'it',
};

const name = '(english|italian|inglese|italiano)';
/** Up to three small words between the verb and the language. */
const between =
  "(?: (?:to|with|in|into|back|again|me|us|please|only|now|just|con|noi|ora|adesso|solo|pure|sempre|invece|anche|all['’]|l['’])){0,3} ?";

/** Verbs that ask for it, and what may stand before them: nothing, a call, or what makes a wish of them. */
const wishes = [
  {
    verb: 'parla(?:mi|ci|te|re|rmi)?|parli(?:amo)?|rispond(?:i|imi|ici|ere|iamo)|continu(?:a|are|iamo)|pass(?:a|are|iamo)|torn(?:a|are|iamo)',
    before:
      'e|ma|o|ora|adesso|poi|ok|no|sì|dai|allora|favore|puoi|può|potresti|potrebbe|possiamo|vorrei|preferirei|preferisco|dispiace|vuoi|voglio|devi|deve|meglio|mi|ti prego',
  },
  {
    verb: 'speak|talk|answer|reply|respond|continue|switch|go back|change',
    before:
      "and|but|or|now|then|ok|okay|no|yes|so|please|just|can you|could you|would you|will you|can we|could we|should we|shall we|let['’]s|lets|want to|like to|want you to|like you to|prefer to|have to|better",
  },
  { verb: 'only speak|only understand|parlo solo|capisco solo', before: 'i|io|we|he|no|ma|but|sorry|scusa' },
].map(({ verb, before }) => ({
  pattern: new RegExp(`(?<!\\p{L})(?:${verb})${between}${name}(?!\\p{L})`, 'giu'),
  before: new RegExp(`(?:^|[.,;:!?…]|(?<!\\p{L})(?:${before}))\\s*$`, 'iu'),
}));

/** `In English, please` is one only where nothing is to be said or done in English. */
const alone = new RegExp(`(?<!\\p{L})in ${name},? (?:please|per favore|per piacere|grazie)(?!\\p{L})`, 'iu');
const beforeAlone =
  /^(?:[\s.,;:!?…]|\p{L}+,|ok|okay|no|sì|yes|sorry|scusa|scusi|hey|ehi|ma|but|and|e|please|again|say (?:it|that)|dillo|ripeti|repeat(?: it| that)?)*$/iu;

const cannot = new RegExp(
  `(?:(?<!\\p{L})i (?:do not|don['’]t|can['’]?t|cannot) (?:speak|understand)|(?<!\\p{L})non (?:parlo|capisco))(?: (?:any|much|bene))?(?: l['’]| )?${name}(?!\\p{L})`,
  'iu',
);

/**
 * The language asked for; undefined: none. Who does not speak the one asks for the other. `called`: lower-case names
 * that may stand before the request, such as that of the agent.
 */
export function askedLanguage(
  text: string,
  called: ReadonlySet<string> = noNames,
): SpokenLanguage | undefined {
  const unknown = languageNamed(cannot.exec(text)?.[1]);
  if (unknown !== undefined) return unknown === 'en' ? 'it' : 'en';
  let asked: SpokenLanguage | undefined;
  for (const { pattern, before } of wishes) {
    for (const match of text.matchAll(pattern)) {
      const opening = text.slice(Math.max(0, match.index - 40), match.index);
      if (before.test(opening) || isCall(text.slice(0, match.index), called)) asked = languageNamed(match[1]);
    }
  }
  const short = alone.exec(text);
  if (short !== null && short.index < 60 && beforeAlone.test(text.slice(0, short.index)))
    asked = languageNamed(short[1]);
  return asked;
}

const noNames: ReadonlySet<string> = new Set();

function isCall(opening: string, called: ReadonlySet<string>): boolean {
  const words = opening.toLowerCase().match(/\p{L}+/gu) ?? [];
  const last = words.at(-1);
  return words.length <= 2 && last !== undefined && (called.has(last) || /^so+(?:ph|f+)/.test(last));
}

function languageNamed(word: string | undefined): SpokenLanguage | undefined {
  return word === undefined ? undefined : names[word.toLowerCase()];
}
