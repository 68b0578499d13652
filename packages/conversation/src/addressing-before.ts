/** Whether the words before a name take it into their clause: as object, topic, companion or subject. */

import {
  isAfterTransitiveVerb,
  isAfterTurnedVerb,
  isInvertedSubject,
  nounMarkers,
  objectClitics,
} from './addressing-objects.ts';
import { isOwnQuestion, isStranded, strandable } from './addressing-own-question.ts';
import type { NamePlace } from './addressing-place.ts';
import { beginsStrongRequest } from './addressing-request.ts';
import {
  beforeTopic,
  closingWords,
  particles,
  phrasalVerbs,
  possessives,
  roles,
  subjectPronouns,
  subordinators,
} from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

const naming = /^(?:calls|called|named|nome|chiamat[oa])$/;

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
