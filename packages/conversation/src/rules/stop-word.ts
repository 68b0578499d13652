/** "Stop", "basta così": who tells the agent to be quiet wants silence, and no answer to it. */
import { onlyOrdersSilence } from '../stop-words.ts';
import type { TurnRule } from './rule.ts';

export const stopWord: TurnRule = ({ text, overlap }, { settings }) =>
  overlap !== undefined && onlyOrdersSilence(text, settings.agentNames)
    ? { rule: 'stop-word', action: 'silent', evidence: {} }
    : undefined;
