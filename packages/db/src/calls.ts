/**
 * The calls table as the supervisor reads and saves it.
 *
 * Every time is the database's. A supervisor saves a decision only while the record is still the one it has read
 * (`revision`), so any number of them may run. What agents and workers write (agent-lease.ts) leaves the revision alone
 * and is not overwritten by a decision about the same epoch.
 */

import { type CallId, callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import type { CallRecord, CallState, Successor } from '@sophy/fleet/call-record';
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database, Tables } from './database.ts';

/** A record as it was read: what to decide on, and what must not have changed when the decision is saved. */
export type OpenCall = {
  readonly call: CallRecord;
  readonly revision: number;
  /** The database's clock at the reading, Unix ms. */
  readonly nowMs: number;
  /** Of the current agent and its successor, the epochs whose job a living worker says it has. */
  readonly startingEpochs: readonly number[];
};

/**
 * Rooms whose open call no supervisor has looked at for `dueAfterMs`, longest unseen first. Each is given to one caller
 * only: others skip the rows being taken, and it is not due again before that time has passed.
 */
export async function takeDueRooms(
  database: Database,
  options: { readonly dueAfterMs: number; readonly limit: number },
): Promise<string[]> {
  const rows = await database.kysely
    .with('due', (query) =>
      query
        .selectFrom('calls')
        .select('id as due_id')
        .where('ended_at', 'is', null)
        .where('checked_at', '<=', afterNow(-options.dueAfterMs))
        .orderBy('checked_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('calls')
    .from('due')
    .set({ checked_at: sql<Date>`now()` })
    .whereRef('calls.id', '=', 'due.due_id')
    .returning('room_name')
    .execute();
  return rows.map((row) => row.room_name);
}

/** The open call of a room as it is now. */
export async function readOpenCall(database: Database, roomName: string): Promise<OpenCall | undefined> {
  const row = await database.kysely
    .selectFrom('calls')
    .selectAll()
    .select([clock, startingEpochs])
    .where('room_name', '=', roomName)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : openCallOf(row);
}

/** Which of these rooms have an open call. */
export async function roomsWithOpenCall(
  database: Database,
  roomNames: readonly string[],
): Promise<ReadonlySet<string>> {
  if (roomNames.length === 0) return new Set();
  const rows = await database.kysely
    .selectFrom('calls')
    .select('room_name')
    .where('ended_at', 'is', null)
    .where('room_name', '=', sql<string>`ANY(${[...roomNames]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.room_name));
}

/** Rooms whose call waits for a slot, in the order in which they get one. */
export async function queuedRooms(database: Database): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('calls')
    .select('room_name')
    .where('ended_at', 'is', null)
    .where('state', '=', 'waiting')
    .where('queued_since', 'is not', null)
    .orderBy(sql`(epoch > 1)`, 'desc')
    .orderBy('queued_since')
    .execute();
  return rows.map((row) => row.room_name);
}

/** Inserts a call at its opening; undefined where the room has one already. */
export async function insertOpenCall(
  database: Database,
  opening: { readonly id: CallId; readonly roomName: string },
): Promise<OpenCall | undefined> {
  const row = await database.kysely
    .insertInto('calls')
    .values({
      id: opening.id,
      room_name: opening.roomName,
      state: 'waiting',
      epoch: 1,
      retry_at: sql<Date>`now()`,
    })
    .onConflict((conflict) => conflict.column('room_name').where('ended_at', 'is', null).doNothing())
    .returningAll()
    .returning([clock, sql<number[]>`'{}'::integer[]`.as('starting_epochs')])
    .executeTakeFirst();
  return row === undefined ? undefined : openCallOf(row);
}

/** Saves a decision. False: the record was changed since it was read, and nothing was saved. */
export async function saveCall(database: Database, call: CallRecord, revision: number): Promise<boolean> {
  return saveCallIn(database.kysely, call, revision);
}

/** The same within a transaction. */
export async function saveCallIn(
  database: Kysely<Tables>,
  call: CallRecord,
  revision: number,
): Promise<boolean> {
  const isEnded = call.state === 'ended';
  const isSameEpoch = sql<boolean>`epoch = ${call.epoch}`;
  const isSameSuccessor = sql<boolean>`successor_epoch = ${call.successor?.epoch ?? null}::integer`;
  const result = await database
    .updateTable('calls')
    .set({
      state: call.state,
      epoch: call.epoch,
      latest_epoch: call.latestEpoch,
      revision: revision + 1,
      worker_id: call.workerId,
      // Within an epoch heartbeats may have renewed the lease since it was read: it never gets shorter.
      lease_until: sql<Date | null>`greatest(CASE WHEN ${isSameEpoch} THEN lease_until END, ${dateOf(call.leaseUntilMs)}::timestamptz)`,
      dispatched_at: dateOf(call.dispatchedAtMs),
      agent_seen_at: dateOf(call.agentSeenAtMs),
      // Said by workers and agents, perhaps since the record was read; it ends with the epoch that it is about.
      agent_gone_at: sql<Date | null>`CASE WHEN ${isSameEpoch} THEN agent_gone_at END`,
      hand_over_since: sql<Date | null>`CASE WHEN ${isSameEpoch} THEN hand_over_since END`,
      hand_over_by: sql<Date | null>`CASE WHEN ${isSameEpoch} THEN hand_over_by END`,
      successor_epoch: call.successor?.epoch ?? null,
      successor_worker_id: call.successor?.workerId ?? null,
      successor_sent_at: dateOf(call.successor?.sentAtMs ?? null),
      successor_ready_at: sql<Date | null>`CASE WHEN ${isSameSuccessor} THEN successor_ready_at END`,
      agentless_since: dateOf(call.agentlessSinceMs),
      failures: call.failures,
      retry_at: dateOf(call.retryAtMs),
      queued_since: dateOf(call.queuedSinceMs),
      empty_since: dateOf(call.emptySinceMs),
      ended_at: isEnded ? sql<Date>`now()` : null,
      end_reason: isEnded ? call.endReason : null,
    })
    .where('id', '=', call.id)
    .where('revision', '=', revision)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Ends an open call now, whoever is in the room; with `epoch` only while the agent of that epoch has it. False: it was
 * ended before, does not exist, or has another agent.
 */
export async function endCall(
  database: Database,
  callId: CallId,
  reason: string,
  epoch?: number,
): Promise<boolean> {
  const result = await database.kysely
    .updateTable('calls')
    .set({
      state: 'ended',
      revision: sql<number>`revision + 1`,
      retry_at: null,
      ended_at: sql<Date>`now()`,
      end_reason: reason,
    })
    .where('id', '=', callId)
    .where('ended_at', 'is', null)
    .$if(epoch !== undefined, (query) => query.where('epoch', '=', epoch ?? 0))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Open calls by state; states with none are left out. */
export async function countOpenCalls(database: Database): Promise<ReadonlyMap<CallState, number>> {
  const rows = await database.kysely
    .selectFrom('calls')
    .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
    .where('ended_at', 'is', null)
    .groupBy('state')
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

/** How long the call that has waited longest for its agent has done so, s; 0 where every peopled call has one. */
export async function longestWithoutAgentSeconds(database: Database): Promise<number> {
  const row = await database.kysely
    .selectFrom('calls')
    .select(sql<number | null>`extract(epoch FROM now() - min(agentless_since))::float8`.as('seconds'))
    .where('ended_at', 'is', null)
    .where('empty_since', 'is', null)
    .executeTakeFirst();
  return Math.max(0, row?.seconds ?? 0);
}

const clock = sql<Date>`now()`.as('read_at');

function afterNow(ms: number): RawBuilder<Date> {
  return sql<Date>`now() + ${ms} * interval '1 millisecond'`;
}

const startingEpochs = sql<number[]>`ARRAY(
  SELECT agent.epoch
  FROM (VALUES (calls.epoch, calls.worker_id), (calls.successor_epoch, calls.successor_worker_id)) AS agent (epoch, worker_id)
  JOIN workers ON workers.id = agent.worker_id AND workers.last_heartbeat > now() - interval '3 seconds'
  WHERE calls.id::text || ':' || agent.epoch = ANY (workers.jobs)
)`.as('starting_epochs');

function openCallOf(
  row: Selectable<Tables['calls']> & { read_at: Date; starting_epochs: number[] },
): OpenCall {
  return {
    startingEpochs: row.starting_epochs,
    revision: row.revision,
    nowMs: row.read_at.getTime(),
    call: {
      id: callIdSchema.parse(row.id),
      roomName: row.room_name,
      state: row.state,
      epoch: row.epoch,
      latestEpoch: row.latest_epoch,
      workerId: row.worker_id === null ? null : workerIdSchema.parse(row.worker_id),
      leaseUntilMs: msOf(row.lease_until),
      dispatchedAtMs: msOf(row.dispatched_at),
      agentSeenAtMs: msOf(row.agent_seen_at),
      agentGoneAtMs: msOf(row.agent_gone_at),
      agentlessSinceMs: msOf(row.agentless_since),
      failures: row.failures,
      retryAtMs: msOf(row.retry_at),
      queuedSinceMs: msOf(row.queued_since),
      handOverSinceMs: msOf(row.hand_over_since),
      successor: successorOf(row),
      humansSeenAtMs: msOf(row.humans_seen_at),
      emptySinceMs: msOf(row.empty_since),
      // Open calls have none: the table checks it.
      endReason: null,
    },
  };
}

function successorOf(row: Selectable<Tables['calls']>): Successor | null {
  const { successor_epoch: epoch, successor_worker_id: workerId, successor_sent_at: sentAt } = row;
  if (epoch === null || workerId === null || sentAt === null) return null;
  return {
    epoch,
    workerId: workerIdSchema.parse(workerId),
    sentAtMs: sentAt.getTime(),
    readyAtMs: msOf(row.successor_ready_at),
  };
}

function msOf(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
