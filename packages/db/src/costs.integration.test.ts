/** Costs on a real Postgres: every request counted once, whoever writes it and however often. */
import { randomUUID } from 'node:crypto';
import { type CallId, callIdSchema } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { adoptJournal } from './adopt-journal.ts';
import { insertOpenCall } from './calls.ts';
import { readCallCosts, readCostBefore, readDayCost } from './costs.ts';
import { type Database, openDatabase } from './database.ts';
import { appendJournal, type JournalEntry } from './journal.ts';

let testDatabase: TestDatabase;
let database: Database;
let callId: CallId;
/** Each test has a day of its own. */
let dayMs = Date.UTC(2026, 0, 1, 12);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, maxConnections: 20 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  dayMs += 86_400_000;
  callId = await openCall();
});

async function openCall(): Promise<CallId> {
  const id = callIdSchema.parse(randomUUID());
  await insertOpenCall(database, { id, roomName: `kitchen-${id}` });
  return id;
}

type Usage = Extract<JournalEvent, { type: 'usage' }>;

function usage(seq: number, costMicroUsd: number | null, more: Partial<Usage> = {}): JournalEntry {
  return {
    seq,
    atMs: dayMs,
    event: {
      type: 'usage',
      turnId: null,
      replyId: null,
      stage: 'llm',
      engine: 'openai',
      model: 'gpt-5-mini',
      promptTokens: 10,
      isEstimated: false,
      outcome: 'complete',
      costMicroUsd,
      priceVersion: 'v1',
      ...more,
    },
  };
}

async function replaceAgent(): Promise<void> {
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [callId]);
}

const dayCost = () => readDayCost(database, dayMs);

test('a batch that is written again after a lost answer is in the day once', async () => {
  const entries = [usage(1, 100), usage(2, null), usage(3, 7, { stage: 'tts', engine: 'edge' })];
  for (let time = 0; time < 3; time += 1)
    expect(await appendJournal(database, { callId, epoch: 1, entries })).toBe('accepted');
  await appendJournal(database, { callId, epoch: 1, entries: [...entries, usage(4, 1)] });
  expect(await dayCost()).toEqual({ knownMicroUsd: 108, unknownParts: 1 });
  const costs = (await readCallCosts(database, [callId])).get(callId);
  expect(costs).toEqual({
    total: { knownMicroUsd: 108, unknownParts: 1 },
    byStage: {
      stt: { knownMicroUsd: 0, unknownParts: 0 },
      llm: { knownMicroUsd: 101, unknownParts: 1 },
      tts: { knownMicroUsd: 7, unknownParts: 0 },
    },
    priceVersion: 'v1',
  });
});

test('what an agent that has been replaced writes is in no sum; its spool, adopted twice at once, is in it once', async () => {
  await appendJournal(database, { callId, epoch: 1, entries: [usage(1, 100)] });
  await replaceAgent();
  const late = [usage(1, 100), usage(2, 20), usage(3, null)];
  expect(await appendJournal(database, { callId, epoch: 1, entries: late })).toBe('stale');
  expect(await dayCost()).toEqual({ knownMicroUsd: 100, unknownParts: 0 });
  const adopt = () => adoptJournal(database, { callId, epoch: 1, entries: late, messages: [], isDead: true });
  expect(await Promise.all([adopt(), adopt(), adopt()])).toEqual(['adopted', 'adopted', 'adopted']);
  expect(await dayCost()).toEqual({ knownMicroUsd: 120, unknownParts: 1 });
  await appendJournal(database, { callId, epoch: 2, entries: [usage(1, 3, { priceVersion: 'v2' })] });
  expect(await readCostBefore(database, { callId, epoch: 2 })).toEqual({
    knownMicroUsd: 120,
    unknownParts: 1,
  });
  expect((await readCallCosts(database, [callId])).get(callId)?.priceVersion).toBe('v2');
});

test('agents that write at the same moment, in any order of engines, lose nothing and do not block each other', async () => {
  const engines = ['openai', 'groq', 'cerebras', 'ollama'];
  const calls = await Promise.all(Array.from({ length: 8 }, openCall));
  await Promise.all(
    calls.flatMap((id, agent) =>
      Array.from({ length: 10 }, async (_, batch) => {
        const order = agent % 2 === 0 ? engines : engines.toReversed();
        const entries = order.map((engine, index) =>
          usage(batch * engines.length + index + 1, 1, { engine, model: `m${index}` }),
        );
        await appendJournal(database, { callId: id, epoch: 1, entries });
      }),
    ),
  );
  expect(await dayCost()).toEqual({ knownMicroUsd: 8 * 10 * 4, unknownParts: 0 });
});

test('a request counts on the UTC day it was made on, and stays in it when its call is deleted', async () => {
  const lastMs = Date.UTC(2026, 5, 30, 23, 59, 59, 999);
  const entries = [
    { ...usage(1, 5), atMs: lastMs },
    { ...usage(2, 9), atMs: lastMs + 1 },
  ];
  await appendJournal(database, { callId, epoch: 1, entries });
  await database.pool.query('DELETE FROM calls WHERE id = $1', [callId]);
  expect(await readDayCost(database, lastMs)).toEqual({ knownMicroUsd: 5, unknownParts: 0 });
  expect(await readDayCost(database, lastMs + 1)).toEqual({ knownMicroUsd: 9, unknownParts: 0 });
});

test('a call that asked no engine has no costs in the list', async () => {
  expect(await readCallCosts(database, [callId])).toEqual(new Map());
  expect(await readCallCosts(database, [])).toEqual(new Map());
});
