/** The setting that has every turn answered. */
import { countPeople } from '../count-people.ts';
import type { TurnRule } from './rule.ts';

export const forced: TurnRule = (_turn, room) =>
  room.settings.forceAgentResponse
    ? { rule: 'forced', action: 'answer', evidence: { humans: countPeople(room.speakers) } }
    : undefined;
