/** The agent's own words, back through somebody's loudspeaker, are nobody's turn. */
import { foldWords } from '../fold-words.ts';
import { spokenLikeness } from '../spoken-likeness.ts';
import { ownWordsFrom } from './interruption/own-voice.ts';
import type { TurnRule } from './rule.ts';

/** So few words tell nothing of themselves: the sound decides. */
const fewWords = 3;

export const ownVoice: TurnRule = ({ text, overlap }, { spoken }) => {
  if (!overlap?.isAudible || spoken === undefined) return undefined;
  const wordLikeness = spokenLikeness(text, spoken.text);
  const isOwnSound = overlap.isOwnVoice && foldWords(text).length < fewWords;
  if (wordLikeness < ownWordsFrom && !isOwnSound) return undefined;
  return { rule: 'own-voice', action: 'ignore', evidence: { wordLikeness } };
};
