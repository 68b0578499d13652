/** One person alone with the agent speaks to the agent. */
import { countPeople } from '../count-people.ts';
import type { TurnRule } from './rule.ts';

export const onlyHuman: TurnRule = (_turn, room) =>
  countPeople(room.speakers) === 1
    ? { rule: 'only-human', action: 'answer', evidence: { humans: 1 } }
    : undefined;
