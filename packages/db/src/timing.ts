/** Where the time of recent turns went, read from the journal. */
import { type JournalEvent, journalEventSchema } from '@sophy/contracts/journal-event';
import type { Database } from './database.ts';

export type TurnTiming = Extract<JournalEvent, { type: 'timing' }>;

/** Timings of the last `limit` turns of all calls, newest first. Entries of another version are left out. */
export async function recentTimings(database: Database, limit: number): Promise<TurnTiming[]> {
  const rows = await database.kysely
    .selectFrom('call_events')
    .select('payload')
    .where('type', '=', 'timing')
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => {
    const payload = typeof row.payload === 'object' && row.payload !== null ? row.payload : {};
    const parsed = journalEventSchema.safeParse({ ...payload, type: 'timing' });
    return parsed.success && parsed.data.type === 'timing' ? [parsed.data] : [];
  });
}
