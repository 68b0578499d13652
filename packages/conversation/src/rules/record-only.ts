/** People talk among themselves: the turn is kept, nothing is said. */
import type { RuleVerdict, TurnRule } from './rule.ts';

export const recordOnly = (turn: Parameters<TurnRule>[0], room: Parameters<TurnRule>[1]): RuleVerdict => ({
  rule: 'record-only',
  action: 'silent',
  evidence: {
    humans: room.speakers.size,
    address: turn.address.kind,
    ...(turn.address.matched === undefined ? {} : { matched: turn.address.matched }),
  },
});
