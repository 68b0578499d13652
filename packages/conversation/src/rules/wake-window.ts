/** After a bare wake, the next turn of that speaker is answered. */
import type { TurnRule } from './rule.ts';

export const wakeWindow: TurnRule = (turn, room) => {
  const window = room.speakers.get(turn.speaker)?.wakeWindow;
  if (window === undefined) return undefined;
  return { rule: 'wake-window', action: 'answer', evidence: { windowUntilMs: window.untilMs } };
};
