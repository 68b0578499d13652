/** The journal of a call as the agent of a later epoch reads it. */
import type { CallId } from '@sophy/contracts/ids';
import { type JournalEvent, journalEventSchema } from '@sophy/contracts/journal-event';
import type { Database } from './database.ts';

export type EpochEntry = {
  readonly epoch: number;
  readonly seq: number;
  /** When it happened, Unix ms. */
  readonly atMs: number;
  readonly event: JournalEvent;
};

/** About an hour of talk; windows and hands older than that are let go. */
const mostEntries = 4_000;

/** What tells nothing about where the call stands. */
const leftOut: readonly JournalEvent['type'][] = [
  'timing',
  'engine-error',
  'settings-applied',
  'usage',
  'budget',
];

/** The latest entries of the epochs before `epoch`, oldest first. Entries of a version unknown here are left out. */
export async function readJournalBefore(
  database: Database,
  { callId, epoch }: { readonly callId: CallId; readonly epoch: number },
): Promise<EpochEntry[]> {
  const rows = await database.kysely
    .selectFrom('call_events')
    .select(['epoch', 'seq', 'at', 'type', 'payload'])
    .where('call_id', '=', callId)
    .where('epoch', '<', epoch)
    .where('type', 'not in', leftOut)
    .orderBy('epoch', 'desc')
    .orderBy('seq', 'desc')
    .limit(mostEntries)
    .execute();
  return rows.reverse().flatMap(({ epoch: written, seq, at, type, payload }) => {
    const fields = typeof payload === 'object' && payload !== null ? payload : {};
    const event = journalEventSchema.safeParse({ ...fields, type });
    return event.success ? [{ epoch: written, seq, atMs: at.getTime(), event: event.data }] : [];
  });
}
