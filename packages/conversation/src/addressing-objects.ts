/** Whether the verb before a name takes it, as its object or as a subject that follows. */

import { auxiliaries, pronounClitics } from './addressing-predicates.ts';
import { isEnglishParticiple, isParticiple } from './addressing-verbs.ts';
import {
  beforeObject,
  causatives,
  clauseVerbs,
  focusAdverbs,
  haveForms,
  objectVerb,
  selfSufficient,
  subjectPronouns,
  turnedVerbs,
} from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** "does Sophy", "won't Sophy"; not "when you are Sophy", where the verb has its subject. */
export function isAfterTurnedVerb(before: readonly FoldedWord[]): boolean {
  const verb = before.at(-1)?.text === 't' ? -2 : -1;
  if (!turnedVerbs.has(before.at(verb)?.text ?? '')) return false;
  const subject = before.at(verb - 1)?.text ?? '';
  return !subjectPronouns.has(subject) || /^(?:it|s?he)$/.test(subject);
}

/** The words before the name without those that may stand between it and its verb. */
function withoutFocus(before: readonly FoldedWord[]): readonly FoldedWord[] {
  return before.filter((word) => !focusAdverbs.has(word.text));
}

/** "we tested Sophy", "chiama Sophy"; `isLast`: nothing of weight follows the name in its clause. */
export function isAfterTransitiveVerb(before: readonly FoldedWord[], isLast: boolean): boolean {
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
export const objectClitics = wordSet('mi ti ci vi lo la li le l');
export const nounMarkers = wordSet(
  'good nice great quick first no one more another best next any the a an my your our his her their this that il lo un uno una mio tuo suo nostro',
);

/** Whether a finished verb with its subject behind it stands right before: "cosa ha scritto Sophy", "lo fa Sophy". */
export function isInvertedSubject(before: readonly FoldedWord[]): boolean {
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
