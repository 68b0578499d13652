/** Word from workers that a supervisor should look at a room now and not at its next round. A hint only: it may be lost. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';
import { listen } from './listen.ts';

const channel = 'sophy_calls';
/** Says that calls waiting for a slot may find one. No room has this name: LiveKit takes no empty one. */
const slotFreed = '';

/** To be selected together with the change it is about, so that it goes out with its commit. */
export function hintRoom(roomName: RawBuilder<string>): RawBuilder<unknown> {
  return sql`pg_notify(${channel}, ${roomName})`;
}

/** Tells every supervisor that a worker has a free slot again. */
export async function hintSlotFreed(database: Database): Promise<void> {
  await sql`SELECT pg_notify(${channel}, ${slotFreed})`.execute(database.kysely);
}

/** Hears hints on a connection of its own until the signal aborts; then resolves. Never rejects. */
export async function listenForCallHints(options: {
  readonly url: string;
  readonly onRoom: (roomName: string) => void;
  readonly onSlotFreed: () => void;
  readonly onError: (error: Error) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { url, onRoom, onSlotFreed, onError, signal } = options;
  await listen({
    url,
    channel,
    purpose: 'call hints',
    onNews: (payload) => (payload === slotFreed ? onSlotFreed() : onRoom(payload)),
    onConnected: onSlotFreed,
    onError,
    signal,
  });
}
