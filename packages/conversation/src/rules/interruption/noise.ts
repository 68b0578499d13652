/** Recognition found no words: a cough, a door, music that never ends. */
import type { InterruptionRule } from './interruption-rule.ts';

export const noise: InterruptionRule = ({ words, areWordsFinal, isSpeaking, isOverdue, isTrusted }) => {
  if (words !== '') return undefined;
  const isEndless = isSpeaking && isOverdue && !isTrusted;
  return isEndless || (!isSpeaking && areWordsFinal) ? { action: 'resume', rule: 'noise' } : undefined;
};
