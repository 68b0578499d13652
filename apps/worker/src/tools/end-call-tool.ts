/** The built-in tool with which the agent hangs up, once its goodbye has been heard. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tool } from './tool.ts';

export const endCallName = 'end_call';

export type EndCallOptions = {
  /** Nobody but the caller is there: a person who hangs up takes only themselves away. */
  readonly isAlone: () => boolean;
  /** Closes the room and ends the call. Rejects when it could not. */
  readonly hangUp: () => Promise<void>;
};

/** What was played is still on its way to the caller's ear, ms. */
const onTheWayMs = 500;

export function endCallTool({ isAlone, hangUp }: EndCallOptions): Tool {
  return {
    name: endCallName,
    description:
      'Ends the call. Use it only when the person clearly says goodbye or asks to hang up. Say one short goodbye in the same answer.',
    parameters: { type: 'object', properties: {}, additionalProperties: false },
    kind: { type: 'effect', gate: 'heard', isRepeatable: true },
    isOffered: isAlone,
    check: () => undefined,
    async run() {
      if (!isAlone()) return { outcome: 'failed', result: 'other people are in the room' };
      await sleep(onTheWayMs);
      try {
        await hangUp();
        return { outcome: 'done', result: 'the call has ended' };
      } catch (error) {
        return { outcome: 'unknown', result: error instanceof Error ? error.name : 'unknown failure' };
      }
    },
  };
}
