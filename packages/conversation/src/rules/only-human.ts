/** One person alone with the agent speaks to the agent. */
import type { TurnRule } from './rule.ts';

export const onlyHuman: TurnRule = (_turn, room) =>
  room.speakers.size === 1 ? { rule: 'only-human', action: 'answer', evidence: { humans: 1 } } : undefined;
