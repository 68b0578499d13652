/** Whether words speak to the agent, only about it, or neither. */
import { foldText, foldWords } from './fold-words.ts';

export type AddressMatch = {
  /** `bare-wake`: a call and nothing else; `mentioned`: about the agent, not to it. */
  readonly kind: 'addressed' | 'bare-wake' | 'mentioned' | 'none';
  /** The words that name the agent, as folded. */
  readonly matched?: string;
};

const calls = new Set('hey ehi ei ciao ok okay hi hello senti scusa please allora'.split(' '));

/** Looks for the agent's names, exact and as whole words. */
export function matchAddress(text: string, agentNames: readonly string[]): AddressMatch {
  const words = foldWords(text).map((word) => word.text);
  for (const name of agentNames) {
    const parts = foldText(name).split(/\s+/);
    const at = words.findIndex((_, index) => parts.every((part, offset) => words[index + offset] === part));
    if (at === -1) continue;
    const rest = words.toSpliced(at, parts.length).filter((word) => !calls.has(word));
    return { kind: rest.length === 0 ? 'bare-wake' : 'addressed', matched: parts.join(' ') };
  }
  return { kind: 'none' };
}
