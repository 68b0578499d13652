import { randomUUID } from 'node:crypto';
import { type CallId, callIdSchema, type WorkerId, workerIdSchema } from '@sophy/contracts/ids';
import { promoted } from '@sophy/fleet/placement';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  beatAgent,
  releaseCall,
  reportAgentGone,
  requestHandOver,
  requestHandOvers,
  staleAgents,
} from './agent-lease.ts';
import { endCall, insertOpenCall, type OpenCall, readOpenCall, saveCall } from './calls.ts';
import { type Database, openDatabase } from './database.ts';
import { fleetSlots, placeAgent, placeSuccessor } from './slots.ts';
import { heartbeatWorker } from './workers.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, maxConnections: 20, connectionTimeoutMs: 20_000 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await database.pool.query('TRUNCATE calls, workers CASCADE');
});

const workerA = workerIdSchema.parse('worker-a');
const workerB = workerIdSchema.parse('worker-b');
const newId = (): CallId => callIdSchema.parse(randomUUID());

async function openRoom(roomName = 'kitchen'): Promise<OpenCall> {
  const opened = await insertOpenCall(database, { id: newId(), roomName });
  if (opened === undefined) throw new Error(`${roomName} has an open call already`);
  return opened;
}

async function read(roomName = 'kitchen'): Promise<OpenCall> {
  const open = await readOpenCall(database, roomName);
  if (open === undefined) throw new Error(`${roomName} has no open call`);
  return open;
}

async function report(
  id: WorkerId,
  slots: number,
  jobs: readonly string[] = [],
  state: 'ready' | 'draining' = 'ready',
): Promise<void> {
  await heartbeatWorker(database, { id, version: '1', slots, jobs, state, metricsUrl: null });
}

async function openOnWorker(roomName = 'kitchen'): Promise<CallId> {
  const open = await openRoom(roomName);
  expect(await placeAgent(database, open.call, open)).toMatchObject({ outcome: 'placed' });
  const { call, revision, nowMs } = await read(roomName);
  await saveCall(
    database,
    { ...call, state: 'live', agentSeenAtMs: nowMs, agentlessSinceMs: null },
    revision,
  );
  return call.id;
}

describe('leases', () => {
  test('a heartbeat keeps the lease of the current epoch only, and does not spoil a decision under way', async () => {
    const { call, revision } = await openRoom();
    const agent = { callId: call.id, epoch: 1 };
    expect(await beatAgent(database, agent)).toEqual({ type: 'current', handOver: null });
    const beaten = await read();
    expect((beaten.call.leaseUntilMs ?? 0) - beaten.nowMs).toBeGreaterThan(2_000);

    expect(await saveCall(database, { ...call, epoch: 2, latestEpoch: 2 }, revision)).toBe(true);
    expect(await beatAgent(database, agent)).toEqual({ type: 'stale' });
    expect((await read()).call.leaseUntilMs).toBeNull();
    expect(await beatAgent(database, { ...agent, epoch: 2 })).toMatchObject({ type: 'current' });
    await endCall(database, call.id, 'room-empty');
    expect(await beatAgent(database, { ...agent, epoch: 2 })).toEqual({ type: 'stale' });
    expect(await beatAgent(database, { callId: newId(), epoch: 1 })).toEqual({ type: 'stale' });
  });

  test('a decision made on an older reading does not shorten a lease, nor lose what a worker said meanwhile', async () => {
    const { call, revision, nowMs } = await openRoom();
    const agent = { callId: call.id, epoch: 1 };
    await beatAgent(database, agent);
    await reportAgentGone(database, agent);
    await requestHandOver(database, agent, 1_000);
    const before = await read();
    expect(before.revision).toBe(revision);
    await saveCall(database, { ...call, state: 'live', leaseUntilMs: nowMs + 100 }, revision);
    const after = await read();
    expect(after.call.leaseUntilMs).toBe(before.call.leaseUntilMs);
    expect(after.call.agentGoneAtMs).toBe(before.call.agentGoneAtMs);
    expect(after.call.handOverSinceMs).toBe(before.call.handOverSinceMs);
    // They are about that epoch and end with it.
    await saveCall(database, { ...after.call, epoch: 2, latestEpoch: 2 }, after.revision);
    expect((await read()).call).toMatchObject({ agentGoneAtMs: null, handOverSinceMs: null });
  });

  test('agents of ended calls and past epochs are stale, the current one and its successor are not', async () => {
    await report(workerA, 8);
    const callId = await openOnWorker();
    await report(workerB, 8);
    const open = await read();
    await placeSuccessor(database, open.call, open);
    const ended = await openOnWorker('cellar');
    await endCall(database, ended, 'room-empty');
    const agents = [
      { callId, epoch: 1 },
      { callId, epoch: 2 },
      { callId, epoch: 3 },
      { callId: ended, epoch: 1 },
    ];
    expect(await staleAgents(database, agents)).toEqual(
      expect.arrayContaining([
        { callId, epoch: 3 },
        { callId: ended, epoch: 1 },
      ]),
    );
    expect(await staleAgents(database, agents)).toHaveLength(2);
    expect(await staleAgents(database, [])).toEqual([]);
  });
});

describe('hand-over', () => {
  test('a call is given up only to a successor that beats, once, and the record is the one that the fleet expects', async () => {
    await report(workerA, 8);
    const callId = await openOnWorker();
    await report(workerA, 8, [`${callId}:1`], 'draining');
    await report(workerB, 8);
    await requestHandOvers(database, workerA, 500);
    const open = await read();
    expect(open.call.handOverSinceMs).not.toBeNull();
    expect(await placeSuccessor(database, open.call, open)).toMatchObject({
      outcome: 'placed',
      call: { epoch: 1, latestEpoch: 2, successor: { epoch: 2, workerId: workerB } },
    });
    const agent = { callId, epoch: 1 };
    expect(await beatAgent(database, agent)).toMatchObject({ handOver: { readyEpoch: null } });
    expect(await releaseCall(database, agent)).toBe(false);
    expect(await beatAgent(database, { callId, epoch: 2 })).toEqual({ type: 'standby' });
    const before = await read();
    expect(await beatAgent(database, agent)).toMatchObject({ handOver: { readyEpoch: 2 } });
    const released = await Promise.all([releaseCall(database, agent), releaseCall(database, agent)]);
    expect(released.toSorted()).toEqual([false, true]);
    const after = await read();
    const expected = promoted(before.call, after.call.agentSeenAtMs ?? 0);
    expect({ ...after.call, leaseUntilMs: 0 }).toEqual({ ...expected, leaseUntilMs: 0 });
    expect(await beatAgent(database, { callId, epoch: 2 })).toEqual({ type: 'current', handOver: null });
  });

  test('a successor whose worker says it is gone is not given the call', async () => {
    await report(workerA, 8);
    const callId = await openOnWorker();
    await report(workerB, 8);
    const open = await read();
    await placeSuccessor(database, open.call, open);
    await beatAgent(database, { callId, epoch: 2 });
    await reportAgentGone(database, { callId, epoch: 2 });
    expect(await releaseCall(database, { callId, epoch: 1 })).toBe(false);
    expect((await read()).call.agentGoneAtMs).toBeNull();
  });

  test('no successor is placed on the worker that has the call, nor on one that drains', async () => {
    await report(workerA, 8);
    await openOnWorker();
    await report(workerB, 8, [], 'draining');
    const open = await read();
    expect(await placeSuccessor(database, open.call, open)).toMatchObject({
      outcome: 'queued',
      call: open.call,
    });
  });
});

describe('slots', () => {
  test('fifty calls at once on two workers with eight slots: eight are placed, the rest wait in order', async () => {
    await report(workerA, 5);
    await report(workerB, 3);
    const opened: OpenCall[] = [];
    for (let room = 0; room < 50; room += 1) opened.push(await openRoom(`room-${room}`));
    const placements = await Promise.all(opened.map((open) => placeAgent(database, open.call, open)));
    expect(placements.filter(({ outcome }) => outcome === 'placed')).toHaveLength(8);
    expect(await fleetSlots(database)).toEqual({ workers: 2, total: 8, free: 0, queued: 42 });
    const { rows } = await database.pool.query(
      "SELECT worker_id, count(*)::integer FROM calls WHERE state = 'dispatched' GROUP BY 1 ORDER BY 1",
    );
    expect(rows).toEqual([
      { worker_id: workerA, count: 5 },
      { worker_id: workerB, count: 3 },
    ]);
  });

  test('a freed slot goes to a call that lost its agent, then to the one that has waited longest', async () => {
    await report(workerA, 1);
    await openOnWorker('busy');
    const names = ['first', 'second', 'recovering'];
    for (const name of names) {
      const { call, revision, nowMs } = await openRoom(name);
      const epoch = name === 'recovering' ? 2 : 1;
      const queuedSinceMs = nowMs - (name === 'first' ? 5_000 : 1_000);
      await saveCall(database, { ...call, epoch, latestEpoch: epoch, queuedSinceMs }, revision);
    }
    const order: string[] = [];
    let busy = 'busy';
    for (let round = 0; round < 3; round += 1) {
      await database.pool.query(
        "UPDATE calls SET state = 'ended', ended_at = now(), end_reason = 'test' WHERE room_name = $1",
        [busy],
      );
      for (const name of names.filter((name) => !order.includes(name)).toReversed()) {
        const open = await read(name);
        const { outcome } = await placeAgent(database, open.call, open);
        if (outcome === 'placed') busy = name;
      }
      order.push(busy);
    }
    expect(order).toEqual(['recovering', 'first', 'second']);
  });

  test('a slot is taken by a job that still runs, once for the job of a call that was placed, and none is left on a silent worker', async () => {
    await report(workerA, 3);
    const callId = await openOnWorker();
    const zombie = `${newId()}:4`;
    await report(workerA, 3, [`${callId}:1`, zombie]);
    expect(await fleetSlots(database)).toMatchObject({ total: 3, free: 1 });
    await database.pool.query("UPDATE workers SET last_heartbeat = now() - interval '4 seconds'");
    expect(await fleetSlots(database)).toEqual({ workers: 0, total: 0, free: 0, queued: 0 });
    const open = await openRoom('cellar');
    expect(await placeAgent(database, open.call, open)).toMatchObject({ outcome: 'queued' });
  });

  test('a worker that lost an agent without a word gets the next one only while it beats, and last of all', async () => {
    await report(workerA, 8);
    const open = await openRoom();
    const placeDoubting = async () => {
      const { call, revision, nowMs } = await read();
      return placeAgent(
        database,
        { ...call, state: 'waiting', workerId: null },
        { revision, nowMs },
        workerA,
      );
    };
    expect(open.call.state).toBe('waiting');
    expect(await placeDoubting()).toMatchObject({ outcome: 'placed', call: { workerId: workerA } });
    await report(workerB, 1);
    expect(await placeDoubting()).toMatchObject({ outcome: 'placed', call: { workerId: workerB } });
    await database.pool.query("UPDATE workers SET last_heartbeat = now() - interval '2 seconds'");
    await report(workerB, 1, [], 'draining');
    expect(await placeDoubting()).toMatchObject({ outcome: 'queued' });
  });

  test('a call that was changed meanwhile is neither placed nor queued', async () => {
    await report(workerA, 3);
    const open = await openRoom();
    await saveCall(database, open.call, open.revision);
    expect(await placeAgent(database, open.call, open)).toEqual({ outcome: 'superseded' });
    expect(await fleetSlots(database)).toMatchObject({ free: 3 });
  });
});
