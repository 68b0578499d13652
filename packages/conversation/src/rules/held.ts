/** A draining worker begins no reply. */
import type { TurnRule } from './rule.ts';

export const held: TurnRule = (_turn, room) =>
  room.isDraining ? { rule: 'held', action: 'silent', evidence: { cause: 'drain' } } : undefined;
