/** Whether the words before a name take it into their clause: as object, topic, companion or subject. */

import type { NamePlace } from './addressing-place.ts';
import { auxiliaries, pronounClitics } from './addressing-predicates.ts';
import { beginsStrongRequest } from './addressing-request.ts';
import { isEnglishParticiple, isParticiple } from './addressing-verbs.ts';
import {
  beforeObject,
  beforeTopic,
  causatives,
  clauseVerbs,
  closingWords,
  focusAdverbs,
  haveForms,
  objectVerb,
  particles,
  phrasalVerbs,
  possessives,
  roles,
  selfSufficient,
  strongCalls,
  subjectPronouns,
  subordinators,
  turnedVerbs,
} from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** Verbs that speak: a greeting after them is quoted. */
const sayings =
  /^(?:go|goes|went|faccio|fa|like|sa(?:y|ys|id|ying)|shout\w*|yell\w*|call\w*|type\w*|typing|dir\w*|dic\w*|dett[oa]|urla\w*|grid\w*|scriv\w*|is|was|era|e|con|the|a)$/;

/** Whether a call before the name is quoted: "you have to say hey Sophy". */
export function isQuotedCall({ sentenceBefore }: NamePlace): boolean {
  const call = sentenceBefore.findLastIndex((word) => !strongCalls.has(word.text) && !isOk(word));
  const before = sentenceBefore[call];
  if (before === undefined || call === sentenceBefore.length - 1) return false;
  return before.accented !== 'e' && sayings.test(before.text);
}

function isOk({ text }: FoldedWord): boolean {
  return text === 'ok' || text === 'okay';
}

/** `isLast`: nothing of weight follows the name in its clause. */
export function isGoverned(place: NamePlace, isLast: boolean): boolean {
  const { before, sentenceBefore } = place;
  if (
    isPaired(sentenceBefore) ||
    /(?:every|any|no)(?:one|body|thing)? but$/.test(textOf(sentenceBefore.slice(-2)))
  )
    return true;
  const previous = before.at(-1);
  if (previous === undefined) return false;
  const turns = isLast && isFollowed(place);
  if (turns && /^(?:è|is|was|that|what|why|how|where|when|though|before|after)$/.test(previous.accented))
    return false;
  if (previous.accented === 'è' || previous.text === 'sono')
    return !(isAskedNoun(before) || isExistence(before));
  const isComplete = isLast && isOwnQuestion(before);
  if (particles.has(previous.text)) return isParticleBefore(before);
  if (isDeterminerBefore(before, isLast)) return true;
  if (
    /^(?:(?:want|love|have|like|need) to|(?:da|secondo|attimo|momento) solo|(?:come|join|check) in|va la|(?:how|to|will|can|you|they|we|he|she) come)$/.test(
      textOf(before.slice(-2)),
    )
  )
    return false;
  if (/^(?:if|as) you like$/.test(textOf(before.slice(-3)))) return false;
  if (strandable.has(previous.text)) return !(isComplete && isStranded(before));
  if (before.length > 1 && isLast && before.some((word) => naming.test(word.text))) return true;
  if (previous.hasPossessive || beforeTopic.has(previous.text) || roles.has(previous.text)) return true;
  const isSubordinate = subordinators.has(previous.text) && textOf(before.slice(-2)) !== 'quel caso';
  if (isSubordinate && isFollowed(place)) return true;
  if (isAfterTurnedVerb(before)) return true;
  if (beginsStrongRequest(place.after)) return false;
  return !isComplete && (isAfterTransitiveVerb(before, isLast) || isInvertedSubject(before));
}

function textOf(words: readonly FoldedWord[]): string {
  return words.map((word) => word.text).join(' ');
}

function isFollowed({ name, after }: NamePlace): boolean {
  return name.mark === '' && !after.every((word) => closingWords.has(word.text));
}

/** "tu e Sophy", where both words might open a call. */
function isPaired(sentence: readonly FoldedWord[]): boolean {
  const [other, and] = sentence.slice(-2);
  return (
    and !== undefined &&
    /^(?:e|and|o|or)$/.test(and.accented) &&
    other?.text !== 'it' &&
    subjectPronouns.has(other?.text ?? '')
  );
}

/** "che ora è": the verb has the noun before it. */
function isAskedNoun(before: readonly FoldedWord[]): boolean {
  const [asks, noun] = before.slice(-3);
  return (
    before.length >= 3 &&
    /^(?:che|quale|qual|quanti|quante)$/.test(asks?.text ?? '') &&
    noun?.text !== 'c' &&
    (before.length === 3 || /^(?:a|in|di|da|chiesto|dirmi)$/.test(before.at(-4)?.text ?? ''))
  );
}

/** "cosa c'è Sophy", "quanti ce ne sono Sophy": something is there; not "c'è Sophy". */
function isExistence(before: readonly FoldedWord[]): boolean {
  const end = textOf(before.slice(-3));
  return (
    /(?:^| )(?:ci|ne) sono$/.test(end) ||
    /^(?:cosa c e|che c e)$/.test(textOf(before)) ||
    /(?:^| )(?:quant|quand) e$/.test(end)
  );
}

/** A question whose question word already is the object: "what do you think Sophy". */
function isOwnQuestion(before: readonly FoldedWord[]): boolean {
  const question = before.findIndex((word) => objectQuestions.has(word.text));
  if (question === -1) return false;
  return before
    .slice(question)
    .some(
      ({ text, hasPossessive }) =>
        subjectPronouns.has(text) ||
        /^(?:did|does|do|should|would)$/.test(text) ||
        hasPossessive ||
        /^(?:hai|avete|pensi|dici|stai|vuoi)$/.test(text),
    );
}
/** English prepositions that a question leaves at its end: "where are you from Sophy", not "what do you think about Sophy". */
const strandable = wordSet('for about like to with at from in of');
function isStranded(before: readonly FoldedWord[]): boolean {
  const verb = before.at(-2)?.text ?? '';
  return (
    before.at(-1)?.text === 'like' ||
    !(clauseVerbs.has(verb) || /^(?:happened|wrong|hear|heard|feel|up)$/.test(verb))
  );
}
const naming = /^(?:calls|called|named|nome|chiamat[oa])$/;
const objectQuestions = wordSet(
  'what who whom which where many much cosa che chi quale quanto quanti quante',
);

/** "turn off Sophy", "dopo Sophy"; not "turn it off", "come on", "a dopo", "dimmi pure". */
function isParticleBefore(before: readonly FoldedWord[]): boolean {
  const [particle, verb, beforeVerb] = before.toReversed();
  if (particle === undefined || verb === undefined) return true;
  if (/^(?:dopo|prima|pure)$/.test(particle.text))
    return (
      !before.some((word) => objectClitics.has(word.text)) &&
      !/^(?:a|e|ci)$/.test(verb.text) &&
      !/mi$/.test(verb.text)
    );
  return phrasalVerbs.test(verb.text) && beforeVerb?.text !== 'the';
}

/** Demonstratives stand alone at the end of a clause, "what is this Sophy"; possessives behind their noun, "colpa mia Sophy". */
function isDeterminerBefore(before: readonly FoldedWord[], isLast: boolean): boolean {
  const [word, head] = before.toReversed();
  if (/^(?:this|another|quest[ao]|quell[ao]|altra)$/.test(word?.text ?? ''))
    return !isLast || before.length === 1;
  if (/^(?:new|old|real|same|other|nuova|vecchia|vera|solita|stessa)$/.test(word?.text ?? '')) {
    return (
      head === undefined || head.text === 'same' || nounMarkers.has(head.text) || beforeTopic.has(head.text)
    );
  }
  if (word?.text === 'not') return head === undefined || /^(?:it|is|was|s|that)$/.test(head.text);
  if (!possessives.has(word?.text ?? '')) return false;
  return head === undefined || beforeTopic.has(head.text);
}

/** "does Sophy", "won't Sophy"; not "when you are Sophy", where the verb has its subject. */
function isAfterTurnedVerb(before: readonly FoldedWord[]): boolean {
  const verb = before.at(-1)?.text === 't' ? -2 : -1;
  if (!turnedVerbs.has(before.at(verb)?.text ?? '')) return false;
  const subject = before.at(verb - 1)?.text ?? '';
  return !subjectPronouns.has(subject) || /^(?:it|s?he)$/.test(subject);
}

/** The words before the name without those that may stand between it and its verb. */
function withoutFocus(before: readonly FoldedWord[]): readonly FoldedWord[] {
  return before.filter((word) => !focusAdverbs.has(word.text));
}

function isAfterTransitiveVerb(before: readonly FoldedWord[], isLast: boolean): boolean {
  const core = withoutFocus(before);
  const [verb, head, second] = core.toReversed();
  if (verb === undefined) return false;
  const headText = head?.text ?? '';
  if (nounMarkers.has(headText)) return false;
  if (/^(?:parla|canta|suona|pensa|torna|aspetta|lascia|piace)$/.test(verb.text) && head === undefined)
    return false;
  if (/^si (?:dice|fa)$/.test(`${headText} ${verb.text}`)) return false;
  if (/^(?:you|i|we|they|to|please) (?:open|close)$/.test(`${headText} ${verb.text}`)) return true;
  if (beforeObject.has(verb.text)) {
    const isTold =
      clauseVerbs.has(verb.text) &&
      (subjectPronouns.has(headText) || /^(?:me|t|s|to|not|let)$/.test(headText));
    if (isLast && isTold && second?.text !== 'you')
      return headText === 'you' && second !== undefined && !/^(?:if|as|whatever|what)$/.test(second.text);
    return !(objectClitics.has(headText) && /(?:[io]|iamo)$/.test(verb.text) && verb.text !== 'chiamo');
  }
  if (isEnglishParticiple(verb)) {
    if (/ed$/.test(verb.text) && head === undefined) return false;
    const isSelf = /^(?:am|is|are|was|were|m|s|re|feel|you|start|stop|keep)$/.test(headText);
    return (
      !isSelf ||
      /^(?:test|us|ask|call|replac|restart|updat|configur|interview|invit|meet|remov)ing$/.test(verb.text)
    );
  }
  if (/^(?:presento|presentiamo)$/.test(verb.text)) return true;
  if (objectVerb.test(verb.text))
    return !objectClitics.has(headText) || /^(?:mi chiamo|l[ao] chiam\w+)$/.test(`${headText} ${verb.text}`);
  if (causatives.has(headText) && /re?$/.test(verb.text)) return true;
  if (!haveForms.has(headText) || !isParticiple(verb)) return false;
  return !selfSufficient.has(verb.text) && !objectClitics.has(second?.text ?? '');
}
const objectClitics = wordSet('mi ti ci vi lo la li le l');
const nounMarkers = wordSet(
  'good nice great quick first no one more another best next any the a an my your our his her their this that il lo un uno una mio tuo suo nostro',
);

/** Whether a finished verb with its subject behind it stands right before: "cosa ha scritto Sophy", "lo fa Sophy". */
function isInvertedSubject(before: readonly FoldedWord[]): boolean {
  const [verb, head, second] = withoutFocus(before).toReversed();
  if (head === undefined || verb === undefined) return false;
  if (head.accented === 'è' && /^(?:quanto|com|come)$/.test(second?.text ?? '') && /[ae]$/.test(verb.text))
    return true;
  const isThirdPerson = /^(?:ha|aveva|hanno|era|sara|avra)$/.test(head.text) || head.accented === 'è';
  if (
    /^(?:mi|ti|ci|vi|gli|le) (?:manca|piace|serve|interessa|aiuta)$|^cosa (?:fa|dice|fara)$/.test(
      `${head.text} ${verb.text}`,
    )
  )
    return true;
  if (isThirdPerson && second?.text !== 'c' && (isParticiple(verb) || /^(?:ragione|torto)$/.test(verb.text)))
    return true;
  if (/^si (?:fa|dice|puo|deve|va)$/.test(`${head.text} ${verb.text}`)) return false;
  const isClitic = pronounClitics.has(head.text) || /^(?:lo|la|li|le)$/.test(head.text);
  return isClitic && auxiliaries.has(verb.text) && verb.accented !== 'e';
}
