/** Somebody nods along: "mm-hm", "ok", "sì sì". While they still speak, more may follow. */
import { isBackChannel, mayBecomeBackChannel } from '../../back-channels.ts';
import type { InterruptionRule } from './interruption-rule.ts';

/** A nod of two words is over by then, ms. */
const longestNodMs = 900;

export const backChannel: InterruptionRule = (facts) => {
  const { words, extraBackChannels, isSpeaking, isOverdue, speechMs } = facts;
  if (isSpeaking && speechMs < longestNodMs && mayBecomeBackChannel(words)) return { action: 'wait' };
  if (!isBackChannel(words, extraBackChannels)) return undefined;
  return isSpeaking && !isOverdue ? { action: 'wait' } : { action: 'resume', rule: 'back-channel' };
};
