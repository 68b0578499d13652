/** Italian pronouns before a verb: "Sophy mi aiuta" tells, "Sophy mi aiuti", "mi dica" and "mi serve una mano" do not. */
import { determiners, impersonalVerbs, politeOrders, politeVerbs } from './addressing-predicates.ts';
import { isFirstOrSecondPerson, isParticiple } from './addressing-verbs.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** Stems of verbs whose subject is a thing, "mi piacerebbe", "mi mancava". */
const impersonalStem = /^(?:piac|serv|manc|interess|occorr|bast|dispiac|and(?:r|av)|conv|bisogn)/;
/** They compare or judge: the one named is their subject unless a clause follows. */
const seeming = /^(?:sembr|par)/;
const clauseHeads = wordSet('che di strano giusto vero ora il la lo l un una');

export function isReportAfterClitic(
  clitic: string,
  verb: FoldedWord,
  [next, second]: readonly FoldedWord[],
  isQuestion: boolean,
): boolean {
  const isToPerson = /^(?:mi|ti|ci|vi)$/.test(clitic);
  if (verb.accented === 'è') {
    if (clitic === 'ti') return !isQuestion;
    if (clitic === 'si') return !/^(?:tardi|buio|presto)$/.test(second?.text ?? '');
    return !(isParticiple(next) && determiners.has(second?.text ?? ''));
  }
  if (/(?:anno|ono)$/.test(verb.text) || politeVerbs.has(verb.text) || politeOrders.has(verb.text))
    return false;
  if (
    isFirstOrSecondPerson(verb) ||
    (/^(?:ci|ce)$/.test(clitic) && /^(?:son|sar|vuole|vorr)/.test(verb.text))
  )
    return false;
  if (clitic === 'si')
    return !isQuestion && !(next !== undefined && /^(?:il|lo|la|l|i|gli|le)$/.test(next.text));
  if (isQuestion && (clitic === 'mi' || clitic === 'ci')) return false;
  if (isToPerson && seeming.test(verb.text)) return !clauseHeads.has(next?.text ?? '');
  if (isToPerson && impersonalStem.test(verb.text)) return next === undefined && clitic !== 'ti';
  if (isToPerson && verb.text === 'fa' && next?.text === 'male') return second === undefined;
  if (impersonalVerbs.has(verb.text)) return next === undefined && clitic !== 'ti';
  return !(clitic === 'mi' && /rebbe$/.test(verb.text));
}
