/** Whether an auxiliary behind a name begins a statement about it: "Sophy is slow", not "Sophy is it late". */

import { isTurnedQuestion } from './addressing-inversion.ts';
import type { NamePlace } from './addressing-place.ts';
import {
  afterHave,
  afterInversion,
  afterIs,
  afterPoliteForm,
  auxiliaries,
  determiners,
  impersonalVerbs,
  politeVerbs,
  tagQuestions,
} from './addressing-predicates.ts';
import { isFutureOrConditional, isInfinitiveForSpeaker, isParticiple } from './addressing-verbs.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

export function isAuxiliary(word: FoldedWord): boolean {
  return (auxiliaries.has(word.text) && word.accented !== 'e') || isFutureOrConditional(word);
}

/** After an auxiliary: whether it tells rather than asks. `rest` is what follows the auxiliary. */
export function isStatement(
  rest: readonly FoldedWord[],
  auxiliary: FoldedWord,
  isNegated: boolean,
  { sentenceBefore, after, isQuestion }: NamePlace,
): boolean {
  // "isn't" comes as two words: the subject of a turned question follows the t.
  const [subject, second, third] = rest[0]?.text === 't' ? rest.slice(1) : rest;
  if (subject === undefined) return !isQuestion;
  if (/^(?:do|did)/.test(auxiliary.text) && subject.text === 'it' && !isVerbBehindIt(second)) return true;
  if (
    /^(?:today|tomorrow|yesterday|now)$/.test(after[0]?.text ?? '') &&
    /^(?:my|the|our|a|that)$/.test(subject.text)
  )
    return false;
  if (isTurnedQuestion(auxiliary, subject, second, third)) return false;
  if (
    auxiliary.accented === 'è' &&
    /^(?:oggi|domani|ieri)$/.test(after[0]?.text ?? '') &&
    determiners.has(subject.text)
  ) {
    return false;
  }
  if (/^(?:sarebbe|andrebbe) (?:bene|bello|utile|meglio|il|ora)$/.test(`${auxiliary.text} ${subject.text}`))
    return false;
  if (/^tu[oa]i?$/.test(subject.text) || /^tu[oa]i?$/.test(second?.text ?? '')) return false;
  if (afterInversion.has(subject.text) || isInfinitiveForSpeaker(subject)) return false;
  if (subject.text === 'this' || (subject.text === 'that' && /^(?:is|was)/.test(auxiliary.text)))
    return false;
  if (auxiliary.text === 'fa' && /[aei]re$/.test(subject.text) && second !== undefined) return false;
  const isGentle = [...sentenceBefore, ...after].some((word) =>
    /^(?:gentilmente|cortesemente|favore|scusi)$/.test(word.text),
  );
  if (isGentle && politeVerbs.has(auxiliary.text)) return false;
  const isPolite =
    auxiliary.text !== 'vorrebbe' &&
    (auxiliary.accented === 'è' ? afterIs : afterPoliteForm).has(subject.text) &&
    auxiliary.accented !== subject.accented;
  if (isPolite && (!isNegated || deniable.has(subject.text))) return false;
  if (auxiliary.text === 'potrebbe' && /[aei]re$/.test(subject.text))
    return stativeInfinitives.has(subject.text);
  if (isQuestion && politeVerbs.has(auxiliary.text)) return false;
  if (afterHave.has(subject.text) || isParticiple(subject) || /(?:ed|ing)$/.test(subject.text)) return true;
  return !isQuestion || tagQuestions.test(after.map((word) => word.text).join(' '));
}

/** "non è giusto", "non è martedì": a thing is denied, not the one named. */
const deniable = wordSet(
  'vero giusto possibile ora tardi meglio quello questo cosi colpa male lunedi martedi mercoledi giovedi venerdi sabato domenica',
);

const stativeInfinitives = wordSet(
  'essere avere sbagliare sapere capire sentire rispondere funzionare servire bastare volere',
);

/** "does it rain", but "does it automatically", "did it for us". */
function isVerbBehindIt(word: FoldedWord | undefined): boolean {
  return word !== undefined && !/ly$/.test(word.text) && !behindIt.has(word.text);
}
const behindIt = wordSet(
  'for again all every on in with well now too better by to at and because when anyway himself herself',
);

/** "vale la pena", "manca il sale", "conviene partire?": what follows is the subject. */
export function isImpersonal(
  verb: FoldedWord,
  next: FoldedWord | undefined,
  { isQuestion }: Pick<NamePlace, 'isQuestion'>,
): boolean {
  if (/^(?:serv|bisogn|bast|conv)\w*(?:rebbe|va)$/.test(verb.text)) return true;
  if (!impersonalVerbs.has(verb.text) || /^(?:sembra|pare|sa)$/.test(verb.text)) return false;
  return next !== undefined && (determiners.has(next.text) || (isQuestion && /[aei]re?$/.test(next.text)));
}
