/**
 * The slots of the fleet. A slot is leased to an agent in the same transaction that saves the decision to send it, so a
 * worker is never given more calls than it takes.
 *
 * A slot is taken by an agent that was placed on the worker, and by a job that the worker still reports, which may be
 * the same; a worker that has not been heard of for 3 s has none to give.
 */
import type { WorkerId } from '@sophy/contracts/ids';
import { workerIdSchema } from '@sophy/contracts/ids';
import type { CallRecord } from '@sophy/fleet/call-record';
import { placed, queued, successorPlaced } from '@sophy/fleet/placement';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { saveCallIn } from './calls.ts';
import type { Database, Tables } from './database.ts';

/** The record as it was saved, or that it had changed since it was read and nothing was. */
export type Placement =
  | { readonly outcome: 'placed' | 'queued'; readonly call: CallRecord }
  | { readonly outcome: 'superseded' };

export type FleetSlots = {
  /** Workers that take calls. */
  readonly workers: number;
  readonly total: number;
  readonly free: number;
  /** Calls with somebody in the room that wait for a slot. */
  readonly queued: number;
};

/** Of a worker that beats each second: it was alive a moment ago. */
const freshHeartbeat = sql`interval '1.3 seconds'`;

/** Any number; the same for all who lease slots. */
const placementLock = 5_011_963;

/** Saves a waiting call and leases a slot for its agent; where there is none, the call is saved as queued. */
export async function placeAgent(
  database: Database,
  call: CallRecord,
  reading: { readonly revision: number; readonly nowMs: number },
  doubted: WorkerId | null = null,
): Promise<Placement> {
  return withPlacementLock(database, async (transaction) => {
    const worker = await freestWorker(transaction, { avoid: null, doubted, ahead: callsAhead(call) });
    const next = worker === undefined ? queued(call, reading.nowMs) : placed(call, worker, reading.nowMs);
    if (!(await saveCallIn(transaction, next, reading.revision))) return { outcome: 'superseded' };
    return { outcome: worker === undefined ? 'queued' : 'placed', call: next };
  });
}

/** Leases a slot for the successor of an agent that is alive, on another worker; saves the call as it is where there is none. */
export async function placeSuccessor(
  database: Database,
  call: CallRecord,
  reading: { readonly revision: number; readonly nowMs: number },
): Promise<Placement> {
  return withPlacementLock(database, async (transaction) => {
    // An agent that lives and is relieved goes before all others: its worker is about to end.
    const worker = await freestWorker(transaction, { avoid: call.workerId, doubted: null, ahead: sql`0` });
    const next = worker === undefined ? call : successorPlaced(call, worker, reading.nowMs);
    if (!(await saveCallIn(transaction, next, reading.revision))) return { outcome: 'superseded' };
    return { outcome: worker === undefined ? 'queued' : 'placed', call: next };
  });
}

/** How full the fleet is now. */
export async function fleetSlots(database: Database): Promise<FleetSlots> {
  return slotsOfFleet(database.kysely);
}

/** Runs the work while nobody else leases a slot or lets a new room in. */
export function withPlacementLock<T>(
  database: Database,
  work: (transaction: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  return database.kysely.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(${placementLock})`.execute(transaction);
    return work(transaction);
  });
}

/** Workers that take calls, with what they hold. */
const pool = sql`
  SELECT workers.id, workers.slots, workers.warm, now() - workers.last_heartbeat AS silent,
    (SELECT count(*) FROM calls WHERE calls.ended_at IS NULL AND (
      (calls.worker_id = workers.id AND calls.state = 'dispatched')
      OR (calls.successor_worker_id = workers.id AND calls.successor_ready_at IS NULL)
    )) AS arriving,
    (SELECT count(*)::integer FROM (
      SELECT calls.id::text || ':' || calls.epoch FROM calls
      WHERE calls.worker_id = workers.id AND calls.ended_at IS NULL AND calls.state IN ('dispatched', 'live')
      UNION
      SELECT calls.id::text || ':' || calls.successor_epoch FROM calls
      WHERE calls.successor_worker_id = workers.id AND calls.ended_at IS NULL
      UNION
      SELECT unnest(workers.jobs)
    ) AS job) AS used
  FROM workers
  WHERE workers.state = 'ready' AND workers.last_heartbeat > now() - interval '3 seconds'
`;

const waitsForSlot = sql`
  ended_at IS NULL AND state = 'waiting' AND queued_since IS NOT NULL AND empty_since IS NULL
`;

/** One row of `FleetSlots`. */
export const fleetSlotsQuery = sql<FleetSlots>`
  WITH pool AS (${pool})
  SELECT count(*)::integer AS workers,
    coalesce(sum(slots), 0)::integer AS total,
    coalesce(sum(greatest(slots - used, 0)), 0)::integer AS free,
    (SELECT count(*)::integer FROM calls WHERE ${waitsForSlot}) AS queued
  FROM pool
`;

async function slotsOfFleet(database: Kysely<Tables>): Promise<FleetSlots> {
  const { rows } = await fleetSlotsQuery.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('Counting the slots of the fleet gave no row.');
  return row;
}

/** A worker with a process that waits ready, then the one with the most free slots, where more slots are free than calls are ahead. */
async function freestWorker(
  database: Kysely<Tables>,
  {
    avoid,
    doubted,
    ahead,
  }: {
    readonly avoid: WorkerId | null;
    readonly doubted: WorkerId | null;
    readonly ahead: RawBuilder<unknown>;
  },
): Promise<WorkerId | undefined> {
  const { rows } = await sql<{ id: string }>`
    WITH pool AS (${pool})
    SELECT id FROM pool
    WHERE used < slots AND id IS DISTINCT FROM ${avoid}
      AND (id IS DISTINCT FROM ${doubted} OR silent < ${freshHeartbeat})
      AND (SELECT sum(greatest(slots - used, 0)) FROM pool) > (${ahead})
    ORDER BY id IS NOT DISTINCT FROM ${doubted}, warm <= arriving, slots - used DESC, id
    LIMIT 1
  `.execute(database);
  const [row] = rows;
  return row === undefined ? undefined : workerIdSchema.parse(row.id);
}

/** How many calls get a slot before this one: those that have lost their agent first, then who has waited longest. */
function callsAhead(call: CallRecord): RawBuilder<unknown> {
  const queuedSince = call.queuedSinceMs === null ? null : new Date(call.queuedSinceMs);
  const isRecovering = call.epoch > 1;
  return sql`
    SELECT count(*) FROM calls
    WHERE ${waitsForSlot} AND id <> ${call.id} AND (
      (epoch > 1) > ${isRecovering}
      OR ((epoch > 1) = ${isRecovering} AND queued_since < coalesce(${queuedSince}::timestamptz, 'infinity'))
    )
  `;
}
