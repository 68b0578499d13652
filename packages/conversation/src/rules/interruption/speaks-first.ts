/**
 * Somebody else speaks while the reply has not begun to sound: the agent lets them finish, then speaks. They do not
 * interrupt what nobody hears yet; the one who is answered does, since they go on with their own turn.
 */
import type { InterruptionRule } from './interruption-rule.ts';

/** So long may others hold an answer up; then the agent speaks, and may be interrupted, ms. */
export const patienceMs = 10_000;

export const speaksFirst: InterruptionRule = (facts) => {
  if (facts.isAudible || facts.isAddressee || !facts.isTrusted) return undefined;
  if (facts.speechMs >= patienceMs) return { action: 'resume', rule: 'patience-over' };
  if (facts.isSpeaking || facts.silenceMs < facts.endpointingMinMs) return { action: 'wait' };
  return { action: 'resume', rule: 'speaks-first' };
};
