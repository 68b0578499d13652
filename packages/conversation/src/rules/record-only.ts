/** People talk among themselves: the turn is kept, nothing is said. */
import { countPeople } from '../count-people.ts';
import type { RuleVerdict, TurnRule } from './rule.ts';

export const recordOnly = (turn: Parameters<TurnRule>[0], room: Parameters<TurnRule>[1]): RuleVerdict => ({
  rule: 'record-only',
  action: 'silent',
  evidence: {
    humans: countPeople(room.speakers),
    address: turn.address.kind,
    ...(turn.address.matched === undefined ? {} : { matched: turn.address.matched }),
  },
});
