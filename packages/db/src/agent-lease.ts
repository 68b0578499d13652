/**
 * What a worker and its jobs write about a call: that the agent is alive, is gone, wants to be relieved, has given the
 * call up. None of it is a decision, so a supervisor's decision under way stays valid; giving the call up is one.
 */
import type { CallId, WorkerId } from '@sophy/contracts/ids';
import { callIdSchema } from '@sophy/contracts/ids';
import { fleetTiming } from '@sophy/fleet/fleet-timing';
import { sql } from 'kysely';
import { hintRoom } from './call-hints.ts';
import type { Database } from './database.ts';

export type AgentOfCall = { readonly callId: CallId; readonly epoch: number };

/**
 * How the call stands to this agent. Stale: it belongs to a newer one or has ended, and this agent must fall silent and
 * leave. Standby: this agent is to take over and waits. Current: it has the call.
 */
export type AgentStanding =
  | { readonly type: 'stale' }
  | { readonly type: 'standby' }
  | { readonly type: 'current'; readonly handOver: HandOver | null };

/** The agent is to be relieved. */
export type HandOver = {
  /** The successor that waits in the room; null while there is none. */
  readonly readyEpoch: number | null;
  /** From this many ms from now on (negative: already) the agent does not wait for a pause any more. */
  readonly dueInMs: number;
};

const beat = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

/** A successor whose latest heartbeat is older than this is not given the call. */
const successorIsReady = sql<boolean>`successor_ready_at > now() - ${fleetTiming.leaseMs} * interval '1 millisecond'`;

/** One heartbeat: renews the lease of the current agent, or says that its successor is ready. */
export async function beatAgent(
  database: Database,
  agent: AgentOfCall & { readonly seesHumans?: boolean },
): Promise<AgentStanding> {
  const { callId, epoch, seesHumans = false } = agent;
  const row = await database.kysely
    .updateTable('calls')
    .set({
      lease_until: sql<Date>`CASE WHEN epoch = ${epoch} THEN ${beat(fleetTiming.leaseMs)} ELSE lease_until END`,
      successor_ready_at: sql<Date>`CASE WHEN successor_epoch = ${epoch} THEN now() ELSE successor_ready_at END`,
      humans_seen_at: sql<Date | null>`CASE WHEN epoch <> ${epoch} THEN humans_seen_at WHEN ${seesHumans}::boolean THEN now() END`,
    })
    .where('id', '=', callId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('epoch', '=', epoch), eb('successor_epoch', '=', epoch)]))
    .returning([
      'epoch',
      'hand_over_since',
      sql<number | null>`CASE WHEN ${successorIsReady} THEN successor_epoch END`.as('ready_epoch'),
      sql<number | null>`extract(epoch FROM hand_over_by - now())::float8 * 1000`.as('due_in_ms'),
    ])
    .executeTakeFirst();
  if (row === undefined) return { type: 'stale' };
  if (row.epoch !== epoch) return { type: 'standby' };
  const isAsked = row.hand_over_since !== null;
  return {
    type: 'current',
    handOver: isAsked ? { readyEpoch: row.ready_epoch, dueInMs: row.due_in_ms ?? 0 } : null,
  };
}

/**
 * The current agent gives the call to the successor that waits; from then on its own writes are refused. Write what is
 * left of its journal first. False: there is no successor ready, or the call is not its own any more; nothing changed.
 */
export async function releaseCall(database: Database, agent: AgentOfCall): Promise<boolean> {
  // The same record as `promoted` of @sophy/fleet/placement makes.
  const row = await database.kysely
    .updateTable('calls')
    .set({
      epoch: sql<number>`successor_epoch`,
      revision: sql<number>`revision + 1`,
      worker_id: sql<string>`successor_worker_id`,
      lease_until: beat(fleetTiming.firstLeaseMs),
      dispatched_at: sql<Date>`successor_sent_at`,
      agent_seen_at: sql<Date>`now()`,
      agent_gone_at: null,
      agentless_since: null,
      hand_over_since: null,
      hand_over_by: null,
      successor_epoch: null,
      successor_worker_id: null,
      successor_sent_at: null,
      successor_ready_at: null,
    })
    .where('id', '=', agent.callId)
    .where('epoch', '=', agent.epoch)
    .where('state', '=', 'live')
    .where('ended_at', 'is', null)
    .where(successorIsReady)
    .returning([hintRoom(sql`room_name`).as('hint')])
    .executeTakeFirst();
  return row !== undefined;
}

/** The worker says that the job of this agent has ended or will never start. Without effect where the call has moved on. */
export async function reportAgentGone(database: Database, agent: AgentOfCall): Promise<void> {
  await database.kysely
    .updateTable('calls')
    .set({
      agent_gone_at: sql<Date>`CASE WHEN epoch = ${agent.epoch} THEN now() ELSE agent_gone_at END`,
      // A successor that is gone counts as silent for long, which is when it is replaced.
      successor_ready_at: sql<Date>`CASE WHEN successor_epoch = ${agent.epoch} THEN ${beat(-60_000)} ELSE successor_ready_at END`,
    })
    .where('id', '=', agent.callId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('epoch', '=', agent.epoch), eb('successor_epoch', '=', agent.epoch)]))
    .returning([hintRoom(sql`room_name`).as('hint')])
    .execute();
}

/** An agent asks to be relieved, since nothing will keep it alive for long. Asked before, the earlier time stands. */
export async function requestHandOver(
  database: Database,
  agent: AgentOfCall,
  withinMs: number,
): Promise<void> {
  await database.kysely
    .updateTable('calls')
    .set(handOverWithin(withinMs))
    .where('id', '=', agent.callId)
    .where('epoch', '=', agent.epoch)
    .where('ended_at', 'is', null)
    .returning([hintRoom(sql`room_name`).as('hint')])
    .execute();
}

/** A worker that drains asks this for every call that it holds. */
export async function requestHandOvers(
  database: Database,
  workerId: WorkerId,
  withinMs: number,
): Promise<void> {
  await database.kysely
    .updateTable('calls')
    .set(handOverWithin(withinMs))
    .where('worker_id', '=', workerId)
    .where('hand_over_since', 'is', null)
    .where('ended_at', 'is', null)
    .returning([hintRoom(sql`room_name`).as('hint')])
    .execute();
}

/** Whether somebody is on the way, or waits, to take over a call of this worker. */
export async function hasSuccessors(database: Database, workerId: WorkerId): Promise<boolean> {
  const row = await database.kysely
    .selectFrom('calls')
    .select('id')
    .where('worker_id', '=', workerId)
    .where('ended_at', 'is', null)
    .where('successor_epoch', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

function handOverWithin(withinMs: number) {
  return {
    hand_over_since: sql<Date>`coalesce(hand_over_since, now())`,
    hand_over_by: sql<Date>`coalesce(hand_over_by, ${beat(withinMs)})`,
  };
}

/** Which of these agents have no business in their room any more: a worker ends their jobs should they not leave. */
export async function staleAgents(
  database: Database,
  agents: readonly AgentOfCall[],
): Promise<readonly AgentOfCall[]> {
  if (agents.length === 0) return [];
  const callIds = agents.map(({ callId }) => callId);
  const epochs = agents.map(({ epoch }) => epoch);
  const { rows } = await sql<{ call_id: string; epoch: number }>`
    SELECT agent.call_id, agent.epoch
    FROM unnest(${callIds}::uuid[], ${epochs}::integer[]) AS agent (call_id, epoch)
    LEFT JOIN calls ON calls.id = agent.call_id AND calls.ended_at IS NULL
    WHERE calls.id IS NULL
      OR (calls.epoch <> agent.epoch AND calls.successor_epoch IS DISTINCT FROM agent.epoch)
  `.execute(database.kysely);
  return rows.map((row) => ({ callId: callIdSchema.parse(row.call_id), epoch: row.epoch }));
}
