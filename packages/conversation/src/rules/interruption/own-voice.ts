/** The agent's own voice, back through a loudspeaker, interrupts nobody. Known by its sound or by its words. */
import { foldWords } from '../../fold-words.ts';
import { spokenLikeness } from '../../spoken-likeness.ts';
import { ordersSilence } from '../../stop-words.ts';
import type { InterruptionRule } from './interruption-rule.ts';

/** Above what other voices reach against the agent's, also over its echo; measured in `docs/interruptions.md`. */
export const ownSoundFrom = 0.45;
/** Part of the words that must be the agent's own; the rest is misheard. */
export const ownWordsFrom = 0.7;

/** Enough words, and so few of them the agent's, that they outweigh the sound. */
const foreignWords = 3;
const foreignBelow = 0.4;

export const ownVoice: InterruptionRule = ({ likeness = 0, words, spokenText }) => {
  const wordLikeness = spokenLikeness(words, spokenText);
  const isForeign = isSomebodyElse(words, spokenText, wordLikeness);
  const isOwnSound = likeness >= ownSoundFrom && !isForeign;
  if (!isOwnSound && wordLikeness < ownWordsFrom) return undefined;
  return { action: 'resume', rule: 'own-voice', evidence: { likeness, wordLikeness } };
};

/** Words outweigh the sound where they are clearly not the agent's, an order to stop even alone. */
function isSomebodyElse(words: string, spokenText: string, wordLikeness: number): boolean {
  const heard = foldWords(words).map((word) => word.text);
  if (heard.length >= foreignWords) return wordLikeness < foreignBelow;
  const spoken = new Set(foldWords(spokenText).map((word) => word.text));
  return ordersSilence(words) && heard.every((word) => !spoken.has(word));
}
