/** Whether a turn is put to one of the people in the room, by name. */
import { isSpokenTo } from './addressing-grammar.ts';
import { findNames, type NameHit } from './addressing-names.ts';
import { placeOfName } from './addressing-place.ts';
import { questionWords } from './addressing-predicates.ts';
import { beginsStrongRequest } from './addressing-request.ts';
import { roles, strongCalls } from './addressing-words.ts';
import { type FoldedWord, foldWords } from './fold-words.ts';
import { nameWords } from './name-words.ts';
import { soundOf } from './speech-sound.ts';
import { wordSet } from './word-set.ts';

/** A large room: more display names are not looked for. */
const mostNames = 200;

/**
 * The one of these display names that the words speak to, as given: "Bruno, what do you think?", "che ne dici, Anna?",
 * "hey Marco". The first word or the whole name counts, exactly or as it sounds. Rather misses one than takes talk about
 * somebody for talk to him: without a comma or a greeting, the words behind the name must ask or order, and a name that
 * is an ordinary word ("Rosa", "Will") always needs one of them. Of people with the same first name, the first given.
 */
export function addressesPerson(text: string, names: readonly string[]): string | undefined {
  const words = foldWords(text);
  const firstNames = new Set(
    names.flatMap((name) =>
      foldWords(name)
        .slice(0, 1)
        .map((word) => word.text),
    ),
  );
  const heard = new Set(words.flatMap((word) => [word.text, soundOf(word.text)]));
  return names.slice(0, mostNames).find((name) => {
    const [first] = foldWords(name);
    if (first === undefined || !(heard.has(first.text) || heard.has(soundOf(first.text)))) return false;
    return findNames(words, [name, first.text], 'same').some((hit) => isPutTo(words, hit, firstNames));
  });
}

function isPutTo(words: readonly FoldedWord[], hit: NameHit, otherNames: ReadonlySet<string>): boolean {
  if (words[hit.start]?.hasAt) return true;
  const previous = words[hit.start - 1];
  const isBehindComma = previous?.mark === ',';
  if (isBehindComma && otherNames.has(previous.text)) return false;
  if (!isSpokenTo(words, hit)) return false;
  if (previous !== undefined && strongCalls.has(previous.text)) return true;
  const { name, sentenceBefore, before, after, isQuestion } = placeOfName(words, hit);
  const isSetOff = name.mark === ',' || after.length === 0;
  if (isBehindComma && isSetOff) return !sentenceBefore.some((word) => roles.has(word.text));
  if (name.mark === ',' && before.length === 0) return !isListed(after);
  if (nameWords.has(hit.matched)) return false;
  if (before.length === 0 && after.length === 0)
    return previous !== undefined && softCalls.has(previous.text);
  if (before.length === 0) return isPutToYou(after, isQuestion);
  return (
    isSetOff && questionWords.has(before[0]?.text ?? '') && before.some((word) => secondPerson.has(word.text))
  );
}

/** "Bruno, Anna and Marco": one of several, not called. */
function isListed([first, second]: readonly FoldedWord[]): boolean {
  return [first, second].some((word) => /^(?:and|e|ed|or|o)$/.test(word?.accented ?? ''));
}

/** What follows asks or orders in the second person: "what do you think", "puoi ripetere", "vieni". */
function isPutToYou(words: readonly FoldedWord[], isQuestion: boolean): boolean {
  const [first] = words;
  if (first === undefined) return false;
  if (beginsStrongRequest(words) || secondPerson.has(first.text)) return true;
  return questionWords.has(first.text) && (isQuestion || words.some((word) => secondPerson.has(word.text)));
}

/** Before a name alone they make it a call: "grazie Marco". */
const softCalls = wordSet('grazie thanks scusa scusami scusi sorry please bravo brava dai');
const secondPerson = wordSet(
  'you your yours tu te tuo tua hai sei stai vai vieni fai puoi potresti sai vuoi pensi dici credi ne vedi senti dimmi dammi guarda',
);
