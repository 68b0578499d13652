/** Budgets of calls and days on a real Postgres: what one agent spent counts for the next, and for its neighbours. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import { type CallId, callIdSchema } from '@sophy/contracts/ids';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { Price } from '@sophy/contracts/price-table';
import { settingsSchema } from '@sophy/contracts/settings';
import { insertOpenCall } from '@sophy/db/calls';
import { readDayCost } from '@sophy/db/costs';
import { type Database, openDatabase } from '@sophy/db/database';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { JournalWriter } from '../journal/journal-writer.ts';
import { type Budget, CallCost } from './call-cost.ts';

const silent = createLogger({ service: 'test', level: 'silent' });
/** One dollar a minute. */
const perMinute: Price = {
  stage: 'stt',
  engine: 'deepgram',
  model: '*',
  unit: 'audio-minute',
  usd: 1,
  source: '',
};
const listed: Price = {
  stage: 'llm',
  engine: 'openrouter',
  model: 'known/model',
  unit: 'million-tokens',
  promptUsd: 2,
  completionUsd: 3,
  source: '',
};
let testDatabase: TestDatabase;
let database: Database;
let folder: string;
/** Each test has a day of its own. */
let nowMs = Date.UTC(2026, 0, 1, 12);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
  folder = await mkdtemp(join(tmpdir(), 'sophy-cost-'));
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  nowMs += 86_400_000;
});

async function openCall(): Promise<CallId> {
  const id = callIdSchema.parse(randomUUID());
  await insertOpenCall(database, { id, roomName: `kitchen-${id}` });
  return id;
}

function heard(seconds: number): EngineUsage {
  return {
    stage: 'stt',
    engine: 'deepgram',
    model: 'nova-3',
    audioMs: seconds * 1_000,
    isEstimated: false,
    outcome: 'complete',
  };
}

/** An agent as far as it spends money. */
function agent(callId: CallId, budgets: Partial<Record<Budget, number>>, epoch = 1) {
  const job = { callId, epoch, roomName: `kitchen-${callId}` };
  const metrics = createWorkerMetrics(createRegistry('test'));
  const events: JournalEvent[] = [];
  const spent: Budget[] = [];
  const { call = 0, day = 0 } = budgets;
  const settings = settingsSchema.parse({ call_budget_usd: call, day_budget_usd: day });
  const journal = new JournalWriter({
    database,
    job,
    spoolDirectory: folder,
    metrics,
    logger: silent,
    unixMs: () => nowMs,
    onStale: () => undefined,
  });
  const cost = new CallCost({
    database,
    job,
    priceBook: { version: 'test', prices: [perMinute] },
    openrouter: { prices: async () => [listed], close: () => undefined },
    settings: () => settings,
    journal: (event) => {
      events.push(event);
      journal.append(event);
    },
    metrics,
    logger: silent,
    unixMs: () => nowMs,
    onSpent: (budget) => spent.push(budget),
  });
  cost.begin();
  return {
    cost,
    spent,
    metrics,
    budgetEvents: () =>
      events.flatMap((event) => (event.type === 'budget' ? `${event.budget} ${event.state}` : [])),
    usages: () => events.filter((event) => event.type === 'usage'),
    written: () => journal.flushed(5_000),
    close: async () => {
      await cost.close();
      await journal.close(5_000);
    },
  };
}

test('a call is warned of at 90 % of its budget and ended at all of it, once', async () => {
  const sophy = agent(await openCall(), { call: 0.5 });
  sophy.cost.used(heard(26));
  expect([sophy.budgetEvents(), sophy.spent]).toEqual([[], []]);
  sophy.cost.used(heard(1));
  expect([sophy.budgetEvents(), sophy.spent]).toEqual([['call near'], []]);
  for (let time = 0; time < 3; time += 1) sophy.cost.used(heard(3));
  expect(sophy.budgetEvents()).toEqual(['call near', 'call spent']);
  expect(sophy.spent).toEqual(['call']);
  await sophy.close();
});

test('what a dead agent spent counts for the one that takes the call over', async () => {
  const callId = await openCall();
  const first = agent(callId, { call: 0.5 });
  first.cost.used(heard(20));
  await first.close();
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [callId]);
  const second = agent(callId, { call: 0.5 }, 2);
  second.cost.used(heard(10));
  await vi.waitFor(() => expect(second.spent).toHaveLength(1), 5_000);
  expect(second.spent).toEqual(['call']);
  await second.close();
});

test('the budget of a day is that of all workers, and one that is spent ends the next call as it begins', async () => {
  const [anna, bo] = [agent(await openCall(), { day: 1 }), agent(await openCall(), { day: 1 })];
  anna.cost.used(heard(40));
  bo.cost.used(heard(30));
  await Promise.all([anna.written(), bo.written()]);
  expect(await readDayCost(database, nowMs)).toEqual({ knownMicroUsd: 1_166_667, unknownParts: 0 });
  // As each does by itself every half a minute.
  for (const each of [anna, bo]) {
    each.cost.settingsChanged();
    await vi.waitFor(() => expect(each.spent).toHaveLength(1), 5_000);
  }
  const next = agent(await openCall(), { day: 1 });
  await vi.waitFor(() => expect(next.spent).toHaveLength(1), 5_000);
  expect(next.budgetEvents()).toEqual(['day spent']);
  await Promise.all([anna.close(), bo.close(), next.close()]);
});

test('a request without a price is written down as unknown, counts toward no budget and is no 0', async () => {
  const sophy = agent(await openCall(), { call: 0.01 });
  const unpriced = { ...heard(600), engine: 'cartesia' };
  sophy.cost.used(unpriced, { turnId: 't1', replyId: 'r1' });
  expect(sophy.spent).toEqual([]);
  expect(sophy.usages()).toMatchObject([
    { costMicroUsd: null, turnId: 't1', replyId: 'r1', audioMs: 600_000 },
  ]);
  expect(await sophy.metrics.unknownPrices.get()).toMatchObject({
    values: [{ labels: { stage: 'stt', engine: 'cartesia' }, value: 1 }],
  });
  await sophy.written();
  expect(await readDayCost(database, nowMs)).toEqual({ knownMicroUsd: 0, unknownParts: 1 });
  await sophy.close();
});

test('OpenRouter is priced by its own list; a model that is not in it is unknown', async () => {
  const sophy = agent(await openCall(), {});
  const asked = {
    stage: 'llm',
    engine: 'openrouter',
    promptTokens: 100,
    completionTokens: 10,
    isEstimated: false,
    outcome: 'complete',
  } as const;
  sophy.cost.used({ ...asked, model: 'known/model' });
  sophy.cost.used({ ...asked, model: 'other/model' });
  await sophy.close();
  expect(sophy.usages()).toMatchObject([
    { costMicroUsd: 230, priceVersion: 'openrouter+test' },
    { costMicroUsd: null },
  ]);
});
