/** The journal of calls: appended as things happen, each entry once, refused to an agent that has been replaced. */
import type { CallId } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { sql } from 'kysely';
import { writeEntries } from './cost-rollup.ts';
import type { Database } from './database.ts';

export type JournalEntry = {
  /** Counted by the agent within its epoch, from 1. */
  readonly seq: number;
  /** When it happened, Unix ms. */
  readonly atMs: number;
  readonly event: JournalEvent;
};

/**
 * Appends entries in one statement. Entries that are there already are left as they are, so trying again after a lost
 * answer is harmless. Stale: a newer epoch is current or there is no such call; nothing was written. An ended call
 * still takes the last words of its last epoch.
 */
export async function appendJournal(
  database: Database,
  append: { readonly callId: CallId; readonly epoch: number; readonly entries: readonly JournalEntry[] },
): Promise<'accepted' | 'stale'> {
  // The share lock makes a supervisor that raises the epoch wait for writes under way, and later ones see the new epoch.
  const { rows } = await sql<{ accepted: boolean }>`
    WITH current_call AS (
      SELECT id FROM calls WHERE id = ${append.callId} AND epoch <= ${append.epoch} FOR SHARE
    ), ${writeEntries(sql`
      SELECT current_call.id, ${append.epoch}, entry.seq, to_timestamp(entry.at_ms / 1000.0), entry.type, entry.payload
      FROM current_call,
        jsonb_to_recordset(${entriesAsJson(append.entries)}::jsonb)
          AS entry (seq integer, at_ms double precision, type text, payload jsonb)`)}
    SELECT EXISTS (SELECT FROM current_call) AS accepted
  `.execute(database.kysely);
  return rows[0]?.accepted === true ? 'accepted' : 'stale';
}

/** Entries as `jsonb_to_recordset` reads them: seq, at_ms, type and payload. */
export function entriesAsJson(
  entries: readonly (Omit<JournalEntry, 'event'> & { readonly event: { readonly type: string } })[],
): string {
  return storableJson(
    entries.map(({ seq, atMs, event: { type, ...payload } }) => ({ seq, at_ms: atMs, type, payload })),
  );
}

/** Postgres stores neither NUL nor half a surrogate pair; a model or a recogniser may send both. */
function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\u0000', '').toWellFormed() : part,
  );
}
