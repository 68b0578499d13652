/**
 * Words that are more than a nod interrupt. A single one counts once it is sure, or half
 * a second has passed: recognition makes words of coughs.
 */
import { foldWords } from '../../fold-words.ts';
import type { InterruptionRule } from './interruption-rule.ts';

/** A sound shorter than this holds no word, whatever recognition makes of it, ms. */
const shortestWordMs = 160;

export const realWords: InterruptionRule = ({ words, speechMs, isSpeaking, areWordsFinal, isOverdue }) => {
  const count = foldWords(words).length;
  if (count === 0) return undefined;
  if (speechMs < shortestWordMs && !isSpeaking && count === 1) return { action: 'resume', rule: 'noise' };
  // Half a nod, "got" of "got it", while the rest is owed: the final words tell.
  if (count === 1 && !areWordsFinal && !(isOverdue && isSpeaking)) return undefined;
  return { action: 'stop', rule: 'real-words', evidence: { words: count, speechMs } };
};
