import { isOrder } from './addressing-orders.ts';
import type { NamePlace } from './addressing-place.ts';
import { questionWords } from './addressing-predicates.ts';
import { isAuxiliary, isStatement } from './addressing-statement.ts';
import { isReport } from './addressing-verbs.ts';
import { roles } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

const prepositions = wordSet(
  'di del dello della dei dell a al alla in nel nella con per da dal dalla su at in on for from with of',
);
const timeNouns = wordSet('settimana mese anno volta sera notte volte week month year night time tanto');

/** "Sophy, who was listening, answered", "the bot, Sophy, is here". */
export function isDescribed(place: NamePlace): boolean {
  const { name, sentenceBefore, after, isQuestion } = place;
  const [next, second] = after;
  if (name.mark !== ',' || isQuestion || next === undefined) return false;
  if (isRelative(place)) return true;
  return sentenceBefore.some((word) => roles.has(word.text)) && (isAuxiliary(next) || isReport(next, second));
}

/** "e Sophy?", "ma Sophy dove sta?": the talk comes to the one named. */
export function isContinued({ name, sentenceBefore, after, isQuestion }: NamePlace): boolean {
  const led = sentenceBefore.length === 1 && /^(?:e|ma|and|but)$/.test(sentenceBefore[0]?.accented ?? '');
  if (!led || !isQuestion || name.mark === ',') return false;
  const [first, verb, more] = after;
  if (first === undefined) return true;
  return questionWords.has(first.text) && more === undefined && verb !== undefined && /[ae]$/.test(verb.text);
}

/** "Sophy dov'è?", "Sophy cosa ha detto?": a question with nobody else in it. */
export function isAskedAfter(after: readonly FoldedWord[]): boolean {
  if (after.length > 5) return false;
  const text = after.map((word) => word.text).join(' ');
  return /^(?:dov e(?: finita| andata)?|chi e|cosa ha \p{L}+t[oa]|quanto costa(?: al mese)?)$/u.test(text);
}

function isRelative(place: NamePlace): boolean {
  const [next, ...rest] = place.after;
  if (next === undefined || !/^(?:who|which|che|quella)$/.test(next.text)) return false;
  const end = rest.findIndex((word) => word.mark === ',') + 1;
  const verb = rest[end];
  if (end === 0 || verb === undefined) return false;
  if (isAuxiliary(verb)) return isStatement(rest.slice(end + 1), verb, false, place);
  return isReport(verb, rest[end + 1]);
}

/** "Sophy in my office is slower", "Sophy last week was down": the verb comes behind a phrase of place or time. */
export function isReportBehindPhrase(place: NamePlace): boolean {
  const { after, isQuestion } = place;
  if (/^di$/.test(after[0]?.text ?? '') && /^a/.test(after[1]?.text ?? '')) return false;
  const start = `${after[0]?.text} ${after[1]?.text}`;
  const isPhrase =
    prepositions.has(after[0]?.text ?? '') ||
    timeNouns.has(after[1]?.text ?? '') ||
    /^secondo (?:me|noi|lui|lei|loro)$/.test(start);
  if (!isPhrase || isQuestion) return false;
  const index = after.findIndex((word, at) => at > 0 && (isAuxiliary(word) || isReport(word, after[at + 1])));
  const verb = after[index];
  if (verb === undefined || index > 4) return false;
  const phrase = after.slice(1, index);
  if (phrase.some((word) => questionWords.has(word.text) || isOrder(word) || word.mark !== '')) return false;
  return !isAuxiliary(verb) || isStatement(after.slice(index + 1), verb, false, place);
}
