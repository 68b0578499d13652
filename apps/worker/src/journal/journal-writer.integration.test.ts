import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callIdSchema } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { insertOpenCall } from '@sophy/db/calls';
import { type Database, openDatabase } from '@sophy/db/database';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { createTestDatabase, runOn, type TestDatabase, withDatabase } from '@sophy/testkit/postgres';
import { startTcpGate } from '@sophy/testkit/tcp-gate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adoptSpool, adoptSpools } from './adopt-spools.ts';
import { JournalWriter, type JournalWriterOptions } from './journal-writer.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let testDatabase: TestDatabase;
let database: Database;
let job: JobMetadata;
let staleCount = 0;
let spoolDirectory: string;
const metrics = createWorkerMetrics(createRegistry('test'));

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
  database.pool.on('error', () => undefined);
  job = { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' };
  await insertOpenCall(database, { id: job.callId, roomName: job.roomName });
  staleCount = 0;
  spoolDirectory = await mkdtemp(join(tmpdir(), 'sophy-journal-'));
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(spoolDirectory, { recursive: true, force: true });
});

function openWriter(options: Partial<JournalWriterOptions> = {}): JournalWriter {
  return new JournalWriter({
    database,
    job,
    spoolDirectory,
    metrics,
    logger,
    unixMs: () => Date.now(),
    onStale: () => {
      staleCount += 1;
    },
    ...options,
  });
}

function spools(): Promise<string[]> {
  return readdir(spoolDirectory);
}

async function storedMessages(): Promise<string[]> {
  const { rows } = await database.pool.query<{ content: string }>('SELECT content FROM messages ORDER BY id');
  return rows.map(({ content }) => content);
}

function adoption() {
  return { database, spoolDirectory, logger };
}

/** An agent that cannot reach the database says this and is killed. */
async function dieAfter(said: (writer: JournalWriter) => void): Promise<void> {
  const unreachable = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none' });
  const writer = openWriter({ database: unreachable });
  said(writer);
  expect(await writer.close(0)).toBeGreaterThan(0);
  await unreachable.close();
}

function joined(count: number): { type: 'speaker-join'; speaker: string; name: string } {
  return { type: 'speaker-join', speaker: `person-${count}`, name: `Person ${count}` };
}

async function storedSpeakers(): Promise<string[]> {
  const { rows } = await database.pool.query<{ speaker: string }>(
    "SELECT payload->>'speaker' AS speaker FROM call_events WHERE call_id = $1 ORDER BY seq",
    [job.callId],
  );
  return rows.map((row) => row.speaker);
}

function message(itemId: string, content: string) {
  return {
    itemId,
    role: 'user',
    content,
    speaker: 'Ann',
    speakerIdentity: 'ann',
    interrupted: false,
    createdAt: new Date(),
  } as const;
}

test('entries appended while a batch is on its way were lost: now each is stored once, in order', async () => {
  const writer = openWriter();
  for (let count = 0; count < 200; count += 1) {
    writer.append(joined(count));
    if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await writer.close(5_000)).toBe(0);
  expect(await storedSpeakers()).toEqual(Array.from({ length: 200 }, (_, count) => `person-${count}`));
});

test('a database that goes away and comes back gets everything, once', async () => {
  const { pathname } = new URL(testDatabase.url);
  const name = pathname.slice(1);
  const server = withDatabase(testDatabase.url, 'postgres');
  const writer = openWriter();
  writer.append(joined(1));
  await expect.poll(storedSpeakers).toEqual(['person-1']);
  await runOn(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await runOn(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  writer.append(joined(2));
  writer.message(message('t1', 'hello'));
  writer.append(joined(3));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await runOn(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await expect.poll(storedSpeakers, { timeout: 10_000 }).toEqual(['person-1', 'person-2', 'person-3']);
  const chat = () => database.pool.query('SELECT content FROM messages').then(({ rows }) => rows);
  await expect.poll(chat).toEqual([{ content: 'hello' }]);
  expect(await writer.close(5_000)).toBe(0);
});

test('a writer whose call has a newer agent stores nothing more and says so once', async () => {
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [job.callId]);
  const writer = openWriter();
  writer.append(joined(1));
  await expect.poll(() => staleCount).toBe(1);
  writer.append(joined(2));
  expect(await writer.close(1_000)).toBe(0);
  expect(staleCount).toBe(1);
  expect(await storedSpeakers()).toEqual([]);
});

test('a message written again under the same item is one message with the latest words', async () => {
  const writer = openWriter();
  writer.message(message('r1', 'half'));
  await new Promise((resolve) => setImmediate(resolve));
  writer.message(message('r1', 'half and the rest'));
  expect(await writer.close(5_000)).toBe(0);
  const { rows } = await database.pool.query('SELECT content FROM messages');
  expect(rows).toEqual([{ content: 'half and the rest' }]);
});

test('nothing is left of the spool when everything is in the database', async () => {
  const writer = openWriter();
  writer.append(joined(1));
  expect(await spools()).toEqual([`${job.callId}-e1.spool`]);
  expect(await writer.close(5_000)).toBe(0);
  expect(await spools()).toEqual([]);
});

test('five minutes of a talkative call without a database are written in seconds when it is back', async () => {
  const gate = await startTcpGate(testDatabase.url);
  const gated = openDatabase({ url: gate.rewrite(testDatabase.url), onConnectionLost: () => undefined });
  await gate.shut();
  const writer = openWriter({ database: gated });
  for (let count = 0; count < 3_000; count += 1) writer.append(joined(count));
  for (let count = 0; count < 300; count += 1) writer.message(message(`t${count}`, `words ${count}`));
  await gate.reopen();
  const startedMs = performance.now();
  expect(await writer.flushed(30_000)).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  expect(await storedSpeakers()).toHaveLength(3_000);
  expect(new Set(await storedMessages()).size).toBe(300);
  await writer.close(1_000);
  await gated.close();
  await gate.shut();
});

test('connections that are cut while answers are on their way lose nothing and double nothing', async () => {
  const gate = await startTcpGate(testDatabase.url);
  const gated = openDatabase({ url: gate.rewrite(testDatabase.url), onConnectionLost: () => undefined });
  const writer = openWriter({ database: gated });
  for (let round = 0; round < 20; round += 1) {
    for (let count = 0; count < 20; count += 1) writer.append(joined(round * 20 + count));
    writer.message(message(`t${round}`, `words ${round}`));
    // Anywhere in the round: before the request, between commit and answer, after the answer.
    await new Promise((resolve) => setTimeout(resolve, round));
    await gate.shut();
    await gate.reopen();
  }
  expect(await writer.close(20_000)).toBe(0);
  expect(await storedSpeakers()).toEqual(Array.from({ length: 400 }, (_, count) => `person-${count}`));
  expect(await storedMessages()).toEqual(Array.from({ length: 20 }, (_, round) => `words ${round}`));
  const { rows } = await database.pool.query('SELECT message_count FROM chats');
  expect(rows).toEqual([{ message_count: 20 }]);
  await gated.close();
  await gate.shut();
});

test('something that the database never takes held up all that came after it: now it alone is left out', async () => {
  const writer = openWriter();
  for (const count of [1, 2, 3]) writer.append(joined(count));
  writer.message(message('t1', 'before'));
  writer.message({ ...message('t2', 'said at no time'), createdAt: new Date(Number.NaN) });
  writer.message(message('t3', 'after'));
  expect(await writer.close(5_000)).toBe(0);
  expect(await storedSpeakers()).toEqual(['person-1', 'person-2', 'person-3']);
  expect(await storedMessages()).toEqual(['before', 'after']);
});

test('a commit whose answer never came is written once', async () => {
  const { hostname, port } = new URL(testDatabase.url);
  let cuts = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((inner) => {
    const outer = connect(Number(port), hostname);
    let isCommitting = false;
    inner.on('data', (data) => {
      isCommitting ||= /call_events|commit/.test(data.toString('latin1'));
      outer.write(data);
    });
    outer.on('data', (data) => {
      if (isCommitting && cuts < 4) {
        cuts += 1;
        inner.destroy();
        outer.destroy();
      } else inner.write(data);
    });
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(testDatabase.url);
  url.port = String(address.port);
  const cutting = openDatabase({ url: url.href, onConnectionLost: () => undefined });
  const writer = openWriter({ database: cutting });
  for (let count = 0; count < 5; count += 1) {
    writer.append(joined(count));
    writer.message(message(`t${count}`, `words ${count}`));
  }
  expect(await writer.close(30_000)).toBe(0);
  expect(cuts).toBe(4);
  expect(await storedSpeakers()).toEqual(Array.from({ length: 5 }, (_, count) => `person-${count}`));
  expect(await storedMessages()).toEqual(Array.from({ length: 5 }, (_, count) => `words ${count}`));
  await cutting.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});

test('what a dead agent acknowledged is adopted once, by two at once', async () => {
  await dieAfter((writer) => {
    for (let count = 0; count < 500; count += 1) writer.append(joined(count));
    writer.message(message('t1', 'half'));
    writer.message(message('t1', 'half and the rest'));
  });
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [job.callId]);
  const counts = await Promise.all([
    adoptSpools(adoption()),
    adoptSpools(adoption()),
    adoptSpools(adoption()),
  ]);
  expect(Math.max(...counts)).toBe(1);
  expect(await storedSpeakers()).toEqual(Array.from({ length: 500 }, (_, count) => `person-${count}`));
  expect(await storedMessages()).toEqual(['half and the rest']);
  expect(await spools()).toEqual([]);
});

test('an agent that may be alive is not adopted, unless its process was seen to die', async () => {
  await database.pool.query("UPDATE calls SET lease_until = now() - interval '5 seconds'");
  await dieAfter((writer) => writer.append(joined(1)));
  expect(await adoptSpools(adoption())).toBe(0);
  expect(await storedSpeakers()).toEqual([]);
  expect(await adoptSpool(adoption(), job)).toBe('adopted');
  expect(await storedSpeakers()).toEqual(['person-1']);
  expect(await adoptSpool(adoption(), job)).toBe('none');
});

test.each([
  "UPDATE calls SET lease_until = now() - interval '11 seconds'",
  "UPDATE calls SET state = 'ended', ended_at = now(), end_reason = 'empty'",
])('a dead agent is known by the database: %s', async (statement) => {
  await dieAfter((writer) => writer.append(joined(1)));
  await database.pool.query(statement);
  expect(await adoptSpools(adoption())).toBe(1);
});

test('an agent that was replaced while the database was away stores nothing and leaves nothing to adopt', async () => {
  const gate = await startTcpGate(testDatabase.url);
  const gated = openDatabase({ url: gate.rewrite(testDatabase.url), onConnectionLost: () => undefined });
  await gate.shut();
  const writer = openWriter({ database: gated });
  writer.message(message('t1', 'said to nobody'));
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [job.callId]);
  await gate.reopen();
  await expect.poll(() => staleCount, { timeout: 10_000 }).toBe(1);
  expect(await spools()).toEqual([]);
  expect(await writer.close(1_000)).toBe(0);
  expect(await storedMessages()).toEqual([]);
  await gated.close();
  await gate.shut();
});

test('memory is bounded: diagnostics go first, and the spool still has them all', async () => {
  const unreachable = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none' });
  const writer = openWriter({ database: unreachable, mostBytes: 10_000 });
  writer.append(joined(1));
  for (let count = 0; count < 200; count += 1)
    writer.append({ type: 'settings-applied', settingsVersion: count });
  writer.append(joined(2));
  expect(await writer.close(0)).toBeLessThan(120);
  await unreachable.close();
  expect(await adoptSpool(adoption(), job)).toBe('adopted');
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM call_events');
  expect(rows).toEqual([{ count: 202 }]);
});
