/** Whether words turn to somebody: a question, an order, or a new clause of the speaker's. */

import { isOrder, isOrderForSpeaker } from './addressing-orders.ts';
import type { NamePlace } from './addressing-place.ts';
import {
  adverbs,
  afterInversion,
  articleClitics,
  pronounClitics,
  questionWords,
} from './addressing-predicates.ts';
import { isFirstOrSecondPerson } from './addressing-verbs.ts';
import { turnedVerbs } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** Whether a name in the middle is put a question or given an order: what follows begins one. */
export function beginsRequest({ before, after, isQuestion }: NamePlace): boolean {
  const [next, second] = after;
  if (next === undefined) return false;
  if (questionWords.has(next.text) || isOrder(next)) return true;
  if (second?.text === 'you' || (afterInversion.has(second?.text ?? '') && turnedVerbs.has(next.text)))
    return true;
  if (second !== undefined && isEnglishOrder(next, second)) return true;
  const previous = before.at(-1);
  const isAsked =
    previous !== undefined && !isOrder(previous) && !isAskedAbout(before) && asks(before, isQuestion);
  if (/^(?:and|e)$/.test(next.accented)) return second !== undefined && isOrder(second);
  if (/^(?:if|se)$/.test(next.text)) return isAsked || isQuestion;
  return isAsked || /(?:^| )secondo te$/.test(before.map((word) => word.text).join(' '));
}

/** A bare verb with its object: "move my meeting", "dim the lights". */
function isEnglishOrder(verb: FoldedWord, object: FoldedWord): boolean {
  return (
    objects.has(object.text) &&
    verb.text.length > 2 &&
    !/(?:s|ed|ing)$/.test(verb.text) &&
    !turnedVerbs.has(verb.text)
  );
}
const objects = wordSet('my the me us it them your our these those everybody everyone');

/** "quanto consuma Sophy", "che musica ascolta Sophy": the verb still waits for its subject. */
function isAskedAbout(clause: readonly FoldedWord[]): boolean {
  const [first] = clause;
  const verb = clause.at(-1)?.text ?? '';
  const isBareQuestion =
    clause.length === 2 || (clause.length === 3 && /^(?:che|quale|quanta|quanto)$/.test(first?.text ?? ''));
  return (
    isBareQuestion &&
    questionWords.has(first?.text ?? '') &&
    /[ae]$/.test(verb) &&
    verb !== 'va' &&
    !(clause.length === 3 && verb === 'fa')
  );
}

/** A clause that begins as a question or an order, or has "you" in it. */
function asks(clause: readonly FoldedWord[], isQuestion: boolean): boolean {
  const isBegin = (word: FoldedWord) =>
    (questionWords.has(word.text) &&
      (isQuestion || !/^(?:quando|when|come|dove|where|chi|who)$/.test(word.text))) ||
    (isOrder(word) && !notOrders.has(word.text));
  return (
    clause.slice(0, 2).some(isBegin) ||
    clause.some((word) => /^(?:you|puoi|potresti|sai|vuoi)$/.test(word.text))
  );
}
const notOrders = wordSet('secondo mi ti te tu');

/** "can you", "puoi", "mi sposti": nothing before the name can take these for its own. */
export function beginsStrongRequest([first, second]: readonly FoldedWord[]): boolean {
  if (first === undefined) return false;
  if (turnedVerbs.has(first.text) && second?.text === 'you') return true;
  if (isOrderForSpeaker(first.text)) return true;
  return /^(?:puoi|potresti|dimmi|fammi|dammi|sai|vuoi|hai|sei)$/.test(first.text);
}

const newSubjects = wordSet(
  'i you we it that there im its thats ive thanks thank grazie please ho hai sono sei siamo abbiamo posso voglio vorrei devo credo penso io tu noi',
);

const notVerbs = wordSet(
  'dopo dentro sotto dietro subito presto quando tanto molto poco troppo adesso contro verso solo stato secondo anno giorno questo quello into also',
);

/** "that's enough sophy you can stop", "mi dispiace sophy non volevo": behind the name somebody speaks for himself. */
export function beginsClause(after: readonly FoldedWord[]): boolean {
  const [first, second] = after;
  if (first === undefined) return false;
  if (newSubjects.has(first.text)) return true;
  const begin = after.findIndex((word) => !adverbs.has(word.text));
  const verb = after[begin];
  if (/^\p{L}{3,}o$/u.test(first.text) && !notVerbs.has(first.text)) return true;
  if (verb === undefined) return false;
  if (pronounClitics.has(verb.text) || articleClitics.has(verb.text)) {
    const next = after[begin + 1];
    return pronounClitics.has(verb.text) && next !== undefined && isFirstOrSecondPerson(next);
  }
  return (
    (first.text === 'non' && second !== undefined && isFirstOrSecondPerson(verb)) || /iamo$/.test(verb.text)
  );
}
