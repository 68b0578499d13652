/** Whether the words after a name tell something about it. */

import { isReportAfterClitic } from './addressing-clitics.ts';
import { isAskedAfter, isContinued, isDescribed, isReportBehindPhrase } from './addressing-description.ts';
import { isOrder } from './addressing-orders.ts';
import type { NamePlace } from './addressing-place.ts';
import {
  adverbs,
  afterAnd,
  afterArticleClitic,
  articleClitics,
  determiners,
  habits,
  impersonalVerbs,
  politeVerbs,
  pronounClitics,
} from './addressing-predicates.ts';
import { isAuxiliary, isImpersonal, isStatement } from './addressing-statement.ts';
import { isOrderOrReport, isReport } from './addressing-verbs.ts';
import { roles } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

/** Whether the name is what its sentence tells about. A comma after the name sets it off. */
export function isSubject(place: NamePlace): boolean {
  const { name, after } = place;
  const [next, second] = after;
  if (isContinued(place)) return true;
  if (next === undefined) return false;
  if (name.mark !== '') return isDescribed(place);
  if (isAskedAfter(after)) return true;
  if (isReportBehindPhrase(place) || (/^(?:the|l|la)$/.test(next.text) && roles.has(second?.text ?? '')))
    return true;
  if (/^(?:and|or|ed|o)$/.test(next.text) || next.accented === 'e') {
    if (second === undefined || (place.isQuestion && after.length < 5 && determiners.has(second.text)))
      return false;
    return !afterAnd.has(second.text) && !isOrder(second);
  }
  const begin = after.findIndex((word) => !adverbs.has(word.text) || isArticle(word));
  if (begin === -1) return false;
  const isNegated = after.slice(0, begin).some((word) => word.text === 'non');
  return isPredicate(after.slice(begin), isNegated, place);
}

/** "la" is an adverb when it is "là". */
function isArticle(word: FoldedWord): boolean {
  return word.accented === 'la';
}

function isPredicate(words: readonly FoldedWord[], isNegated: boolean, place: NamePlace): boolean {
  const [first, second, third] = words;
  if (first === undefined) return false;
  if (pronounClitics.has(first.text) && first.accented !== 'sì') {
    const isDouble = second !== undefined && /^(?:lo|la|li|le|l|ne|ci|mi|ti)$/.test(second.text);
    const verb = isDouble ? third : second;
    if (isNegated && verb !== undefined && /[aei]re$/.test(verb.text)) return false;
    return (
      verb !== undefined &&
      isReportAfterClitic(first.text, verb, words.slice(isDouble ? 3 : 2), place.isQuestion)
    );
  }
  if (articleClitics.has(first.text) && second !== undefined) {
    if (/^(?:lo|la|li|le)$/.test(first.text) && impersonalVerbs.has(second.text)) return false;
    const isSure = afterArticleClitic.has(second.text) || isAuxiliary(second) || isReport(second, third);
    return isSure && !politeVerbs.has(second.text);
  }
  if (isImpersonal(first, second, place)) return false;
  if (isAuxiliary(first)) return isStatement(words.slice(1), first, isNegated, place);
  if (isNegated && impersonalVerbs.has(first.text) && (second === undefined || first.mark !== ''))
    return false;
  if (isReport(first, second)) return true;
  if (!isOrderOrReport(first)) return false;
  const isTwofold = words.some((word, at) => word.accented === 'e' && isToldOf(words[at + 1], words[at + 2]));
  return isNegated || isTwofold || words.slice(1, 3).some((word) => habits.has(word.text));
}

/** "Sophy guarda il calendario e decide": the second verb is no order, so neither is the first. */
function isToldOf(verb: FoldedWord | undefined, next: FoldedWord | undefined): boolean {
  return verb !== undefined && (verb.text === 'dice' || isReport(verb, next));
}
