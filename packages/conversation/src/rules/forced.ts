/** The setting that has every turn answered. */
import type { TurnRule } from './rule.ts';

export const forced: TurnRule = (_turn, room) =>
  room.settings.forceAgentResponse
    ? { rule: 'forced', action: 'answer', evidence: { humans: room.speakers.size } }
    : undefined;
