import { randomUUID } from 'node:crypto';
import { callIdSchema } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { insertOpenCall } from '@sophy/db/calls';
import { type Database, openDatabase } from '@sophy/db/database';
import { createLogger } from '@sophy/telemetry/logger';
import { createTestDatabase, runOn, type TestDatabase, withDatabase } from '@sophy/testkit/postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JournalWriter } from './journal-writer.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let testDatabase: TestDatabase;
let database: Database;
let job: JobMetadata;
let staleCount = 0;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
  database.pool.on('error', () => undefined);
  job = { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' };
  await insertOpenCall(database, { id: job.callId, roomName: job.roomName });
  staleCount = 0;
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

function openWriter(): JournalWriter {
  return new JournalWriter({
    database,
    job,
    logger,
    unixMs: () => Date.now(),
    onStale: () => {
      staleCount += 1;
    },
  });
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
  await database.pool.query('UPDATE calls SET epoch = 2 WHERE id = $1', [job.callId]);
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
