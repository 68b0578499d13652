/** Whether words speak to the agent, only about it, or neither. */

import { isSpokenTo } from './addressing-grammar.ts';
import { findNames, type NameHit } from './addressing-names.ts';
import { callWords, courtesyWords } from './addressing-words.ts';
import { type FoldedWord, foldWords } from './fold-words.ts';

export type AddressMatch = {
  /** `bare-wake`: a call and nothing else; `mentioned`: about the agent, not to it. */
  readonly kind: 'addressed' | 'bare-wake' | 'mentioned' | 'none';
  /** The words that name the agent, folded, e.g. `so fi`. */
  readonly matched?: string;
};

/**
 * Judges one turn, in Italian or English. `agentNames` holds name and aliases; several words are one name. Every place
 * where a name stands is judged by its neighbours, and one that speaks to the agent is enough.
 */
export function matchAddress(text: string, agentNames: readonly string[]): AddressMatch {
  const words = foldWords(text);
  const hits = findNames(words, agentNames);
  const first = hits[0];
  if (first === undefined) return { kind: 'none' };
  const called = hits.find((hit) => isSpokenTo(words, hit));
  if (called === undefined) return { kind: 'mentioned', matched: first.matched };
  return { kind: isOnlyCall(words, hits) ? 'bare-wake' : 'addressed', matched: called.matched };
}

/** Names, greetings and courtesies, and no word that asks for anything. */
function isOnlyCall(words: readonly FoldedWord[], hits: readonly NameHit[]): boolean {
  return words.every(
    (word, index) =>
      callWords.has(word.text) ||
      courtesyWords.has(word.text) ||
      hits.some((hit) => index >= hit.start && index < hit.end),
  );
}
