import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callIdSchema } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { insertOpenCall } from '@sophy/db/calls';
import { type Database, openDatabase } from '@sophy/db/database';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JournalWriter } from '../journal/journal-writer.ts';
import { readTakenCall, takeOverEvent } from './take-over.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const metrics = createWorkerMetrics(createRegistry('test'));
const unreachable = 'postgres://nobody@127.0.0.1:9/none';
let testDatabase: TestDatabase;
let database: Database;
let spoolDirectory: string;
let job: JobMetadata;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
  spoolDirectory = await mkdtemp(join(tmpdir(), 'sophy-take-over-'));
  job = { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' };
  await insertOpenCall(database, { id: job.callId, roomName: job.roomName });
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(spoolDirectory, { recursive: true, force: true });
});

/** An agent says "Hello" to a question, is heard saying "The library", and dies. */
async function dieInTheMiddle(url: string): Promise<void> {
  const own = openDatabase({ url, connectionTimeoutMs: 200 });
  const writer = new JournalWriter({
    database: own,
    job,
    spoolDirectory,
    metrics,
    logger,
    unixMs: () => Date.now(),
    onStale: () => undefined,
  });
  const ids = { turnId: 'e1-t1', replyId: 'e1-r1' };
  const who = { speaker: 'anna-1', name: 'Anna' };
  writer.append({ type: 'call-start', roomName: job.roomName, agentIdentity: 'agent' });
  writer.append({
    type: 'turn',
    turnId: ids.turnId,
    ...who,
    text: 'When does it open?',
    source: 'voice',
    language: 'en',
    settingsVersion: 1,
  });
  writer.append({
    type: 'decision',
    turnId: ids.turnId,
    speaker: who.speaker,
    rule: 'only-human',
    action: 'answer',
    evidence: {},
  });
  writer.message({
    itemId: ids.turnId,
    role: 'user',
    content: 'When does it open?',
    speaker: who.name,
    speakerIdentity: who.speaker,
    interrupted: false,
    createdAt: new Date(),
  });
  writer.append({ type: 'reply-start', ...ids, settingsVersion: 1, engines: {} });
  writer.append({
    type: 'reply-text',
    replyId: ids.replyId,
    text: 'The library opens at nine.',
    isComplete: true,
  });
  writer.append({ type: 'reply-heard', replyId: ids.replyId, heardCharacters: 'The library'.length });
  await writer.close(url === unreachable ? 0 : 5_000);
  await own.close();
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [job.callId]);
}

function take(options: { readonly database?: Database } = {}) {
  return readTakenCall({ database, spoolDirectory, logger, job: { ...job, epoch: 2 }, ...options });
}

const context = [
  { role: 'user', content: 'When does it open?', speaker: 'Anna', turnId: 'e1-t1' },
  { role: 'assistant', content: 'The library', speaker: null, replyId: 'e1-r1' },
];

test.each([
  ['the database has everything', () => testDatabase.url],
  ['the database has nothing yet: the spool is adopted first', () => unreachable],
])('a call is taken over: %s', async (_what, url) => {
  await dieInTheMiddle(url());
  const { earlier, missing, recovered } = await take();
  expect(earlier).toEqual(context);
  // The reply had not ended, so no message of it was written.
  expect(missing).toMatchObject([{ itemId: 'e1-r1', content: 'The library', interrupted: true }]);
  expect(recovered?.cut).toMatchObject({ heardText: 'The library', restText: 'opens at nine.' });
  expect(await readdir(spoolDirectory)).toEqual([]);
});

test('a call is taken over from this machine alone while the database is away', async () => {
  await dieInTheMiddle(unreachable);
  const away = openDatabase({ url: unreachable, connectionTimeoutMs: 200 });
  const { earlier, recovered } = await take({ database: away });
  await away.close();
  expect(earlier).toEqual(context);
  expect(recovered?.cut?.restText).toBe('opens at nine.');
  expect(await readdir(spoolDirectory)).toHaveLength(1);
});

test('an agent of a later epoch that is the first to come has nothing to take over', async () => {
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [job.callId]);
  expect(await take()).toEqual({ earlier: [], missing: [], recovered: undefined });
});

test('moments of the dead agent stand on the clock of the new one', async () => {
  await dieInTheMiddle(testDatabase.url);
  const { recovered } = await take();
  if (recovered?.lastMs === undefined) throw new Error('nothing was recovered');
  const window = { window: 'wake', speaker: recovered.cut?.turn?.speaker, untilMs: recovered.lastMs + 9_000 };
  const event = takeOverEvent(
    {
      ...recovered,
      windows: window.speaker === undefined ? [] : [{ ...window, window: 'wake', speaker: window.speaker }],
    },
    { nowMs: 500, unixMs: recovered.lastMs + 2_000, language: 'it' },
  );
  expect(event).toMatchObject({
    atMs: 500,
    absentMs: 2_000,
    reason: 'crash',
    windows: [{ untilMs: 7_500 }],
    sorry: { text: 'Scusa, va’ avanti.', language: 'it' },
  });
});
