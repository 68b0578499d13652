/**
 * A turn that speaks to the agent by name is answered. A bare call ("hey Sophy") in company, where silence is the
 * rule, opens the wake window instead; where the window is switched off or the turn is answered anyway, it passes.
 */
import { countPeople } from '../count-people.ts';
import type { TurnRule } from './rule.ts';

export const addressed: TurnRule = (turn, room) => {
  const evidence = { address: turn.address.kind, matched: turn.address.matched ?? '' };
  if (turn.address.kind === 'addressed') return { rule: 'addressed', action: 'answer', evidence };
  if (turn.address.kind !== 'bare-wake') return undefined;
  if (countPeople(room.speakers) === 1 || room.settings.forceAgentResponse) return undefined;
  if (room.settings.wakeWindowMs === 0) return { rule: 'addressed', action: 'answer', evidence };
  return { rule: 'wake', action: 'silent', evidence: { ...evidence, windowMs: room.settings.wakeWindowMs } };
};
