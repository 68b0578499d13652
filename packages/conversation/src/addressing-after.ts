/** Whether the words after a name tell something about it. */

import { isReportAfterClitic } from './addressing-clitics.ts';
import { isTurnedQuestion } from './addressing-inversion.ts';
import { isOrder } from './addressing-orders.ts';
import type { NamePlace } from './addressing-place.ts';
import {
  adverbs,
  afterAnd,
  afterArticleClitic,
  afterHave,
  afterInversion,
  afterIs,
  afterPoliteForm,
  articleClitics,
  auxiliaries,
  determiners,
  habits,
  impersonalVerbs,
  politeVerbs,
  pronounClitics,
  questionWords,
  tagQuestions,
} from './addressing-predicates.ts';
import {
  isFutureOrConditional,
  isInfinitiveForSpeaker,
  isOrderOrReport,
  isParticiple,
  isReport,
} from './addressing-verbs.ts';
import { roles } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

const prepositions = wordSet(
  'di del dello della dei dell a al alla in nel nella con per da dal dalla su at in on for from with of',
);
const timeNouns = wordSet('settimana mese anno volta sera notte volte week month year night time tanto');

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

/** "Sophy, who was listening, answered", "the bot, Sophy, is here". */
function isDescribed(place: NamePlace): boolean {
  const { name, sentenceBefore, after, isQuestion } = place;
  const [next, second] = after;
  if (name.mark !== ',' || isQuestion || next === undefined) return false;
  if (isRelative(place)) return true;
  return sentenceBefore.some((word) => roles.has(word.text)) && (isAuxiliary(next) || isReport(next, second));
}

/** "e Sophy?", "ma Sophy dove sta?": the talk comes to the one named. */
function isContinued({ name, sentenceBefore, after, isQuestion }: NamePlace): boolean {
  const led = sentenceBefore.length === 1 && /^(?:e|ma|and|but)$/.test(sentenceBefore[0]?.accented ?? '');
  if (!led || !isQuestion || name.mark === ',') return false;
  const [first, verb, more] = after;
  if (first === undefined) return true;
  return questionWords.has(first.text) && more === undefined && verb !== undefined && /[ae]$/.test(verb.text);
}

/** "Sophy dov'è?", "Sophy cosa ha detto?": a question with nobody else in it. */
function isAskedAfter(after: readonly FoldedWord[]): boolean {
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
function isReportBehindPhrase(place: NamePlace): boolean {
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
  if (isImpersonal(first, second, place)) return false;
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

function isAuxiliary(word: FoldedWord): boolean {
  return (auxiliaries.has(word.text) && word.accented !== 'e') || isFutureOrConditional(word);
}

/** After an auxiliary: whether it tells rather than asks. `rest` is what follows the auxiliary. */
function isStatement(
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
function isImpersonal(
  verb: FoldedWord,
  next: FoldedWord | undefined,
  { isQuestion }: Pick<NamePlace, 'isQuestion'>,
): boolean {
  if (/^(?:serv|bisogn|bast|conv)\w*(?:rebbe|va)$/.test(verb.text)) return true;
  if (!impersonalVerbs.has(verb.text) || /^(?:sembra|pare|sa)$/.test(verb.text)) return false;
  return next !== undefined && (determiners.has(next.text) || (isQuestion && /[aei]re?$/.test(next.text)));
}
