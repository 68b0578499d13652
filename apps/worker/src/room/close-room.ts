/** Closes a room for everybody in it. */
import { once } from 'node:events';
import type { JobContext } from '@livekit/agents';
import { RoomEvent } from '@livekit/rtc-node';

/** LiveKit tells everybody in the room at once, ms. */
const closedWithinMs = 5_000;

/** Rejects when the room is still there: the framework only logs what LiveKit answers. */
export async function closeRoom(context: JobContext): Promise<void> {
  if (!context.room.isConnected) return;
  const isClosed = once(context.room, RoomEvent.Disconnected, {
    signal: AbortSignal.timeout(closedWithinMs),
  });
  await Promise.all([isClosed, context.deleteRoom()]);
}
