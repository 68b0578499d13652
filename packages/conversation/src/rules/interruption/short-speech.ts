/** Sound that was over before its words were known: the voice goes on; should the words be real, they stop it late. */
import type { InterruptionRule } from './interruption-rule.ts';

/** Shorter than any word: a click, ms. */
const clickMs = 100;

export const shortSpeech: InterruptionRule = ({ isSpeaking, speechMs, isOverdue }) =>
  !isSpeaking && (isOverdue || speechMs < clickMs)
    ? { action: 'resume', rule: 'short-speech', evidence: { speechMs } }
    : undefined;
