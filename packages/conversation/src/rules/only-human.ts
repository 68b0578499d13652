/** One person alone with the agent speaks to the agent, also when somebody comes in meanwhile. */
import { countPeople } from '../count-people.ts';
import type { TurnRule } from './rule.ts';

export const onlyHuman: TurnRule = ({ beganAlone }, room) =>
  beganAlone || countPeople(room.speakers) === 1
    ? { rule: 'only-human', action: 'answer', evidence: { humans: countPeople(room.speakers) } }
    : undefined;
