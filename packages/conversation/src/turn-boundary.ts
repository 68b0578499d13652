/** Whether nothing is going on between people and the agent: the moment at which another agent can take the call over unheard. */
import type { TurnState } from './turn-state.ts';

/** Nobody speaks, nobody is being answered or waits for it, and no words are on their way. */
export function isTurnBoundary({ reply, queue, speakers }: TurnState): boolean {
  if (reply !== undefined || queue.length > 0) return false;
  return [...speakers.values()].every(
    ({ speakingSinceMs, pending }) => speakingSinceMs === undefined && pending === undefined,
  );
}
