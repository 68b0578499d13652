import { randomUUID } from 'node:crypto';
import { type CallId, callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  countOpenCalls,
  endCall,
  insertOpenCall,
  type OpenCall,
  readOpenCall,
  roomsWithOpenCall,
  saveCall,
  takeDueRooms,
} from './calls.ts';
import { type Database, openDatabase } from './database.ts';
import { appendJournal } from './journal.ts';
import { migrate, migrateDown } from './migrate.ts';
import { forgetWorkers, heartbeatWorker, listWorkers } from './workers.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, maxConnections: 20 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await database.pool.query('TRUNCATE calls, workers CASCADE');
});

const workerId = workerIdSchema.parse('worker-a');
const newId = (): CallId => callIdSchema.parse(randomUUID());

async function openRoom(roomName = 'kitchen'): Promise<OpenCall> {
  const opened = await insertOpenCall(database, { id: newId(), roomName });
  if (opened === undefined) throw new Error(`${roomName} has an open call already`);
  return opened;
}

async function raiseEpoch(roomName = 'kitchen'): Promise<void> {
  const read = await readOpenCall(database, roomName);
  if (read === undefined) throw new Error(`${roomName} has no open call`);
  expect(
    await saveCall(
      database,
      { ...read.call, epoch: read.call.epoch + 1, latestEpoch: read.call.epoch + 1 },
      read.revision,
    ),
  ).toBe(true);
}

describe('calls', () => {
  test('of 20 supervisors that open a call for one room at once, one does', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => insertOpenCall(database, { id: newId(), roomName: 'kitchen' })),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await roomsWithOpenCall(database, ['kitchen', 'cellar'])).toEqual(new Set(['kitchen']));
  });

  test('a room has a new call after the last one ended, and ending happens once', async () => {
    const first = await openRoom();
    expect(await endCall(database, first.call.id, 'room-empty')).toBe(true);
    expect(await endCall(database, first.call.id, 'room-empty')).toBe(false);
    const second = await openRoom();
    expect(second.call.id).not.toBe(first.call.id);
    expect(second.call).toMatchObject({ state: 'waiting', epoch: 1, failures: 0 });
  });

  test('of two decisions made on the same reading, the second is not saved', async () => {
    const { call, revision } = await openRoom();
    expect(await saveCall(database, { ...call, epoch: 2, latestEpoch: 2 }, revision)).toBe(true);
    expect(await saveCall(database, { ...call, epoch: 3, latestEpoch: 3 }, revision)).toBe(false);
    expect((await readOpenCall(database, 'kitchen'))?.call.epoch).toBe(2);
  });

  test('a record comes back as it was saved', async () => {
    const { call, revision, nowMs } = await openRoom();
    const saved = {
      ...call,
      state: 'live' as const,
      epoch: 4,
      latestEpoch: 5,
      workerId,
      leaseUntilMs: nowMs + 3_000,
      failures: 2,
      dispatchedAtMs: nowMs,
      agentSeenAtMs: nowMs + 400,
      agentlessSinceMs: null,
      retryAtMs: null,
      queuedSinceMs: nowMs,
      successor: { epoch: 5, workerId, sentAtMs: nowMs, readyAtMs: null },
      emptySinceMs: nowMs + 5_000,
    };
    await saveCall(database, saved, revision);
    expect((await readOpenCall(database, 'kitchen'))?.call).toEqual(saved);
    expect(await countOpenCalls(database)).toEqual(new Map([['live', 1]]));
  });

  test('due calls are dealt out to supervisors without overlap, and not again before they are due', async () => {
    for (let index = 0; index < 30; index += 1) await openRoom(`room-${index}`);
    await database.pool.query("UPDATE calls SET checked_at = now() - interval '1 second'");
    const due = { dueAfterMs: 900, limit: 5 };
    const hands = await Promise.all(Array.from({ length: 6 }, () => takeDueRooms(database, due)));
    const rest = await takeDueRooms(database, { ...due, limit: 100 });
    const rooms = [...hands.flat(), ...rest];
    expect(hands.every((hand) => hand.length <= 5)).toBe(true);
    expect(rooms).toHaveLength(30);
    expect(new Set(rooms).size).toBe(30);
    expect(await takeDueRooms(database, { ...due, limit: 100 })).toEqual([]);
  });
});

describe('journal', () => {
  const said = (text: string): JournalEvent => ({
    type: 'turn',
    turnId: 't1',
    speaker: 'ada',
    name: 'Ada',
    text,
    source: 'voice',
    language: 'en',
    settingsVersion: 1,
  });
  const entry = (seq: number, text = 'hello') => ({ seq, atMs: 1_700_000_000_123, event: said(text) });
  const stored = async () =>
    (
      await database.kysely.selectFrom('call_events').selectAll().orderBy('epoch').orderBy('seq').execute()
    ).map(({ epoch, seq, at, type, payload }) => ({ epoch, seq, atMs: at.getTime(), type, payload }));

  test('entries are kept once, however often they are written', async () => {
    const { call } = await openRoom();
    const append = { callId: call.id, epoch: 1 };
    expect(await appendJournal(database, { ...append, entries: [entry(1), entry(2)] })).toBe('accepted');
    expect(await appendJournal(database, { ...append, entries: [entry(2, 'changed'), entry(3)] })).toBe(
      'accepted',
    );
    const { type, ...payload } = said('hello');
    expect(await stored()).toEqual(
      [1, 2, 3].map((seq) => ({ epoch: 1, seq, atMs: 1_700_000_000_123, type, payload })),
    );
  });

  test('an agent that was replaced writes nothing any more', async () => {
    const { call } = await openRoom();
    await raiseEpoch();
    expect(await appendJournal(database, { callId: call.id, epoch: 1, entries: [entry(1)] })).toBe('stale');
    expect(await appendJournal(database, { callId: newId(), epoch: 9, entries: [entry(1)] })).toBe('stale');
    expect(await appendJournal(database, { callId: call.id, epoch: 2, entries: [] })).toBe('accepted');
    expect(await stored()).toEqual([]);
  });

  test('the last words of an ended call are taken', async () => {
    const { call } = await openRoom();
    await endCall(database, call.id, 'room-empty');
    const last = { seq: 1, atMs: 5, event: { type: 'call-end', reason: 'room-empty' } as const };
    expect(await appendJournal(database, { callId: call.id, epoch: 1, entries: [last] })).toBe('accepted');
  });

  test('text that Postgres cannot store does not lose the entry', async () => {
    const { call } = await openRoom();
    await appendJournal(database, { callId: call.id, epoch: 1, entries: [entry(1, 'a\u0000b\ud83d')] });
    expect((await stored())[0]?.payload).toMatchObject({ text: 'ab\ufffd' });
  });

  test('no write of an old epoch lands after the epoch was raised, under 200 rounds at once', async () => {
    const { call } = await openRoom();
    const writing = (async () => {
      const outcomes: string[] = [];
      for (let seq = 1; seq <= 200; seq += 1) {
        outcomes.push(await appendJournal(database, { callId: call.id, epoch: 1, entries: [entry(seq)] }));
      }
      return outcomes;
    })();
    await appendJournal(database, { callId: call.id, epoch: 1, entries: [entry(1_000)] });
    await raiseEpoch();
    const atRaise = (await stored()).length;
    const outcomes = await writing;
    expect((await stored()).length).toBe(atRaise);
    expect(outcomes.at(-1)).toBe('stale');
  });
});

describe('workers', () => {
  test('a heartbeat adds a worker and refreshes it; silent ones are forgotten', async () => {
    const report = {
      id: workerId,
      version: '0.1.0',
      slots: 8,
      state: 'ready',
      metricsUrl: null,
    } as const;
    await heartbeatWorker(database, { ...report, jobs: [] });
    await heartbeatWorker(database, { ...report, jobs: ['a:1', 'b:1', 'c:2'], state: 'draining' });
    expect(await listWorkers(database, 60_000)).toEqual([
      {
        ...report,
        active: 3,
        state: 'draining',
        lastHeartbeat: expect.any(Date),
        silentMs: expect.any(Number),
      },
    ]);
    expect(await forgetWorkers(database, 60_000)).toBe(0);
    await database.pool.query("UPDATE workers SET last_heartbeat = now() - interval '2 minutes'");
    expect(await listWorkers(database, 60_000)).toEqual([]);
    expect(await forgetWorkers(database, 60_000)).toBe(1);
  });
});

test('the migration goes down and up again', async () => {
  const other = await createTestDatabase();
  await migrateDown(other.url, 3);
  await migrate(other.url);
  await other.drop();
});
