/** Somebody goes on speaking and recognition says nothing yet: they mean it. */
import type { InterruptionRule } from './interruption-rule.ts';

export const lastingSpeech: InterruptionRule = ({ isSpeaking, isLasting, isTrusted, speechMs }) =>
  isSpeaking && isLasting && isTrusted
    ? { action: 'stop', rule: 'lasting-speech', evidence: { speechMs } }
    : undefined;
