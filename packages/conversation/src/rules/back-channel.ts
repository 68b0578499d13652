/** A nod over the agent's voice wants no answer, unless the agent had asked. */
import { isBackChannel } from '../back-channels.ts';
import type { TurnRule } from './rule.ts';

export const backChannel: TurnRule = ({ text, overlap }, { settings }) =>
  overlap !== undefined && !overlap.afterQuestion && isBackChannel(text, settings.backChannels)
    ? { rule: 'back-channel', action: 'silent', evidence: {} }
    : undefined;
