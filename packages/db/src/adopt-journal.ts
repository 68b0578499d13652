/** Takes over what a dead agent had acknowledged and not yet stored, under its own, by now older epoch. */
import type { CallId } from '@sophy/contracts/ids';
import { sql } from 'kysely';
import { writeEntries } from './cost-rollup.ts';
import type { Database } from './database.ts';
import { entriesAsJson, type JournalEntry } from './journal.ts';
import { type SaidMessage, storeMessages } from './record-messages.ts';

/** Entries of one statement, messages of another. */
const batchSize = 200;
/** An agent whose lease ran out longer ago is dead, or will be told that it is stale, s. */
const deadAfterLeaseSeconds = 10;

export type AdoptionOutcome =
  /** Everything is in the database. */
  | 'adopted'
  /** That agent may be alive: nothing was written. */
  | 'too-early'
  /** The database has no such call: nothing was written. */
  | 'unknown-call';

/**
 * Stores the entries and messages of one agent, each once: doing it again, or two at once, changes nothing. Allowed
 * where a newer epoch is current, the call has ended or that agent's lease ran out over 10 s ago; `isDead` allows it
 * to whoever has seen its process die. No two messages have the same item id. What that agent wrote down after a later
 * one had begun is left out: it slept, woke, and did not know yet.
 */
export async function adoptJournal(
  database: Database,
  agent: {
    readonly callId: CallId;
    readonly epoch: number;
    readonly entries: readonly (Omit<JournalEntry, 'event'> & {
      readonly event: { readonly type: string };
    })[];
    readonly messages: readonly SaidMessage[];
    readonly isDead: boolean;
  },
): Promise<AdoptionOutcome> {
  const { callId, epoch } = agent;
  return database.kysely.transaction().execute(async (transaction) => {
    const call = await transaction
      .selectFrom('calls')
      .select([
        'room_name',
        sql<boolean>`epoch > ${epoch} OR ended_at IS NOT NULL
          OR lease_until < now() - ${deadAfterLeaseSeconds} * interval '1 second'`.as('is_over'),
      ])
      .where('id', '=', callId)
      .forShare()
      .executeTakeFirst();
    if (call === undefined) return 'unknown-call';
    const { until_ms: untilMs } = await transaction
      .selectFrom('call_events')
      .select(sql<number>`coalesce(extract(epoch FROM min(at))::float8 * 1000, 'infinity')`.as('until_ms'))
      .where('call_id', '=', callId)
      .where('epoch', '>', epoch)
      .executeTakeFirstOrThrow();
    const entries = agent.entries.filter(({ atMs }) => atMs <= untilMs);
    const messages = agent.messages.filter(({ createdAt }) => createdAt.getTime() <= untilMs);
    // Null where nobody holds a lease: that agent has not begun, or its successor has not.
    if (call.is_over !== true && !agent.isDead) return 'too-early';
    for (let from = 0; from < entries.length; from += batchSize)
      await sql`
        WITH ${writeEntries(sql`
          SELECT ${callId}::uuid, ${epoch}::integer, entry.seq, to_timestamp(entry.at_ms / 1000.0), entry.type,
            entry.payload
          FROM jsonb_to_recordset(${entriesAsJson(entries.slice(from, from + batchSize))}::jsonb)
            AS entry (seq integer, at_ms double precision, type text, payload jsonb)`)}
        SELECT FROM written
      `.execute(transaction);
    for (let from = 0; from < messages.length; from += batchSize)
      await storeMessages(transaction, {
        callId,
        epoch,
        roomName: call.room_name,
        messages: messages.slice(from, from + batchSize),
      });
    return 'adopted';
  });
}
