/** Somebody nods along: "mm-hm", "ok", "sì sì". While they still speak, more may follow. */
import { isBackChannel } from '../../back-channels.ts';
import type { InterruptionRule } from './interruption-rule.ts';

export const backChannel: InterruptionRule = ({ words, extraBackChannels, isSpeaking, isOverdue }) => {
  if (!isBackChannel(words, extraBackChannels)) return undefined;
  return isSpeaking && !isOverdue ? { action: 'wait' } : { action: 'resume', rule: 'back-channel' };
};
