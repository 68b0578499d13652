/**
 * The supervisor: sees to it that every room with a human has exactly one agent, whatever dies.
 *
 * Truth comes from looking: once a second it lists the rooms, opens a call for each that has a human and no open call,
 * and looks at every open call. Hints (LiveKit's webhooks) only make it look at one room at once. Any number of
 * replicas run it: each open call is taken up by one of them a second, the opening is guarded by a unique index, and a
 * decision is saved only if the record is still as it was read.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { callIdSchema } from '@sophy/contracts/ids';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import { listenForCallHints } from '@sophy/db/call-hints';
import { insertOpenCall, queuedRooms, readOpenCall, roomsWithOpenCall, takeDueRooms } from '@sophy/db/calls';
import type { Database } from '@sophy/db/database';
import { isDatabaseUnavailable } from '@sophy/db/database-unavailable';
import { deleteOldSeats, extendSeats } from '@sophy/db/seats';
import { forgetWorkers } from '@sophy/db/workers';
import type { CallRecord } from '@sophy/fleet/call-record';
import type { Logger } from '@sophy/telemetry/logger';
import { measureFleet } from './measure-fleet.ts';
import { createOutageWatch } from './outage-watch.ts';
import { reconcileCall, type SupervisorMetrics } from './reconcile-call.ts';
import { createRoomGateway, LivekitUnavailableError, type RoomPeople } from './room-gateway.ts';
import { createRoomQueue } from './room-queue.ts';

const lookEveryMs = 1_000;
/** A little less than the interval, so that a replica does not skip a call that it took up in its last look. */
const dueAfterMs = 900;
const roomsPerLook = 500;
const roomsAtOnce = 16;
/** After the end of a lease, so that the look sees it ended. */
const leaseSlackMs = 20;
const seatLifetimeMs = 30_000;
const cleanUpEveryMs = 60_000;
const forgetWorkersAfterMs = 10 * 60_000;

export type SupervisorOptions = {
  readonly database: Database;
  /** Of the same database, for the connection that hears hints. */
  readonly databaseUrl: string;
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  readonly agentDispatchName: string;
  readonly logger: Logger;
  readonly metrics: SupervisorMetrics;
};

export type Supervisor = {
  /** Something has happened in this room: look at once. */
  hint(roomName: string): void;
  /** Stops looking and waits for what is under way. Agents stay in their rooms. */
  close(): Promise<void>;
};

/** Starts looking right away. Never throws for a part that is away: it keeps trying, and logs the change once. */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { database, logger, metrics } = options;
  const rooms = createRoomGateway({ ...options.livekit, agentDispatchName: options.agentDispatchName });
  const watch = (dependency: 'livekit' | 'database') =>
    createOutageWatch(dependency, logger, (isThere) =>
      metrics.dependencyUp.set({ dependency }, isThere ? 1 : 0),
    );
  const livekitWatch = watch('livekit');
  const databaseWatch = watch('database');
  const closing = new AbortController();
  const background = new Set<Promise<void>>();
  /** People seen since the last look, whose seats are to be kept. */
  let present: { roomName: string; identity: string }[] = [];
  /** By the database's clock; infinite until its first answer and while it is away. */
  let heartbeatsPossibleSinceMs = Number.POSITIVE_INFINITY;
  let cleanUpAtMs = 0;
  const leaseTimers = new Set<ReturnType<typeof setTimeout>>();

  const noteFailure = (error: unknown, roomName?: string) => {
    if (isDatabaseUnavailable(error)) {
      heartbeatsPossibleSinceMs = Number.POSITIVE_INFINITY;
      databaseWatch.failed(error);
    } else if (error instanceof LivekitUnavailableError) {
      livekitWatch.failed(error);
    } else {
      logger.error({ error, roomName }, 'supervisor step failed; tried again at the next look');
    }
  };

  const noteDatabaseTime = (nowMs: number) => {
    databaseWatch.answered();
    heartbeatsPossibleSinceMs = Math.min(heartbeatsPossibleSinceMs, nowMs);
  };

  const inBackground = (work: Promise<void>) => {
    const owned = work
      // Also so where the room has just gone: LiveKit then answers 503. Agents of stale dispatches are ghosts.
      .catch((error: unknown) => logger.info({ error }, 'stale dispatches could not be taken back'))
      .finally(() => background.delete(owned));
    background.add(owned);
  };
  const dependencies = { database, rooms, logger, metrics, inBackground };

  const listPeople = async (roomName: string) => {
    const people = await rooms.listPeople(roomName);
    for (const identity of people.humans) present.push({ roomName, identity });
    return people;
  };

  /** Agents of a call that has ended: a late dispatch or a zombie brought them in. */
  const removeAgentsWithoutCall = async (roomName: string, people: RoomPeople) => {
    for (const identity of people.agents.filter((agent) => parseAgentIdentity(agent) !== undefined)) {
      logger.warn({ roomName, identity }, 'ghost agent removed');
      await rooms.removeParticipant(roomName, identity);
    }
  };

  /** Looks at one room: at its open call, or whether one has to be opened. */
  const lookAtRoom = async (roomName: string) => {
    try {
      const known = await readOpenCall(database, roomName);
      const people = await listPeople(roomName);
      if (known === undefined && people.humans.length === 0) {
        await removeAgentsWithoutCall(roomName, people);
        return;
      }
      const open =
        known ?? (await insertOpenCall(database, { id: callIdSchema.parse(randomUUID()), roomName }));
      // Another replica has just opened the call and is at it.
      if (open === undefined) return;
      noteDatabaseTime(open.nowMs);
      const call = await reconcileCall(dependencies, open, people, heartbeatsPossibleSinceMs);
      lookWhenLeaseEnds(call, open.nowMs);
    } catch (error) {
      noteFailure(error, roomName);
    }
  };
  const queue = createRoomQueue(roomsAtOnce, lookAtRoom);

  /** An agent that stops beating is replaced as its lease ends, and not up to a second later. */
  const lookWhenLeaseEnds = ({ roomName, state, leaseUntilMs }: CallRecord, nowMs: number) => {
    const inMs = (leaseUntilMs ?? 0) - nowMs;
    if (state !== 'live' || inMs < 0 || inMs > lookEveryMs || closing.signal.aborted) return;
    const timer = setTimeout(() => {
      leaseTimers.delete(timer);
      queue.add(roomName);
    }, inMs + leaseSlackMs);
    leaseTimers.add(timer);
  };

  const lookAtAll = async () => {
    const existing = await rooms.listRooms();
    livekitWatch.answered();
    const known = await roomsWithOpenCall(database, existing);
    databaseWatch.answered();
    for (const roomName of existing) if (!known.has(roomName)) queue.add(roomName);
    const due = await takeDueRooms(database, { dueAfterMs, limit: roomsPerLook });
    for (const roomName of due) queue.add(roomName);
    await keepHouse();
  };

  const keepHouse = async () => {
    const seated = present;
    present = [];
    await extendSeats(database, seated, seatLifetimeMs);
    await measureFleet(database, metrics);
    if (performance.now() < cleanUpAtMs) return;
    cleanUpAtMs = performance.now() + cleanUpEveryMs;
    await Promise.all([deleteOldSeats(database), forgetWorkers(database, forgetWorkersAfterMs)]);
  };

  const keepLooking = async () => {
    while (!closing.signal.aborted) {
      const nextAtMs = performance.now() + lookEveryMs;
      await lookAtAll().catch(noteFailure);
      const pauseMs = Math.max(0, nextAtMs - performance.now());
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const looking = keepLooking();

  /** A slot is free: the calls that wait are looked at, in their order. */
  const lookAtQueue = async () => {
    for (const roomName of await queuedRooms(database)) queue.add(roomName);
  };
  const listening = listenForCallHints({
    url: options.databaseUrl,
    onRoom: (roomName) => queue.add(roomName),
    onSlotFreed: () => void lookAtQueue().catch(noteFailure),
    // Rounds find the same a little later; that the database is away is noted by them.
    onError: (error) => logger.debug({ error }, 'hints of workers are not heard for a moment'),
    signal: closing.signal,
  });

  return {
    hint(roomName) {
      if (!closing.signal.aborted) queue.add(roomName);
    },
    async close() {
      closing.abort();
      for (const timer of leaseTimers) clearTimeout(timer);
      await looking;
      await listening;
      await queue.idle();
      await Promise.all(background);
    },
  };
}
