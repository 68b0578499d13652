/** The tools of a call on a real Postgres: crashes at each step, a database that is away, an agent that was replaced. */
import { randomUUID } from 'node:crypto';
import { callIdSchema, replyIdSchema, speakerIdSchema, turnIdSchema } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { Turn } from '@sophy/conversation/turn-event';
import { insertOpenCall } from '@sophy/db/calls';
import { type Database, openDatabase } from '@sophy/db/database';
import { armEffect } from '@sophy/db/effects';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallTools } from './call-tools.ts';
import type { Tool, ToolOrder, ToolResult } from './tool.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const reply = (id: string) => replyIdSchema.parse(id);
const never = new AbortController().signal;
let testDatabase: TestDatabase;
let database: Database;
let job: JobMetadata;
let orders: ToolOrder[];
let journal: JournalEvent[];
let opened: CallTools[];

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, onConnectionLost: () => undefined });
  job = { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' };
  await insertOpenCall(database, { id: job.callId, roomName: job.roomName });
  orders = [];
  journal = [];
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((tools) => tools.close(100)));
  await database.close();
  await testDatabase.drop();
});

function tool(kind: Tool['kind'], work: () => Promise<ToolResult> = async () => done): Tool {
  return {
    name: 'book',
    description: 'Books',
    parameters: { type: 'object' },
    kind,
    check: () => undefined,
    async run(order) {
      orders.push(order);
      return work();
    },
  };
}
const done: ToolResult = { outcome: 'done', result: '{"number":42}' };
const once = { type: 'effect', gate: 'started', isRepeatable: false } as const;
const repeatable = { ...once, isRepeatable: true };

function open(book: Tool, epoch = 1, db = database): CallTools {
  const tools = new CallTools({
    tools: [book],
    database: db,
    job: { ...job, epoch },
    journal: (event) => journal.push(event),
    metrics: createWorkerMetrics(createRegistry('test')),
    logger,
    now: () => performance.now(),
    names: () => ['Sophy'],
    nameOf: () => 'Anna',
  });
  opened.push(tools);
  tools.takeUp();
  return tools;
}

function turn(id: string, text = 'Book a table'): Turn {
  return {
    turnId: turnIdSchema.parse(id),
    speaker: speakerIdSchema.parse('anna'),
    name: 'Anna',
    text,
    language: 'en',
    source: 'voice',
    endedAtMs: 0,
  };
}

const call = { callId: 'c1', name: 'book', argumentsJson: '{"day":"friday"}' };

/** A committed reply to a turn whose model calls the tool. */
async function ask(tools: CallTools, replyId: string, asked = turn('t1'), made = call): Promise<string> {
  const replyTools = tools.forReply(reply(replyId), asked);
  tools.turn(asked);
  tools.replyStarted(reply(replyId), asked);
  return (await replyTools.call(made, never)).content;
}

async function replaceAgent(): Promise<void> {
  await database.pool.query('UPDATE calls SET epoch = epoch + 1, latest_epoch = epoch + 1 WHERE id = $1', [
    job.callId,
  ]);
}

async function storedStates(): Promise<string[]> {
  const { rows } = await database.pool.query<{ state: string }>(
    'SELECT state FROM effects ORDER BY armed_at',
  );
  return rows.map(({ state }) => state);
}

const steps = () => journal.flatMap((event) => (event.type === 'effect' ? [event.state] : []));
const hanging = () => new Promise<ToolResult>(() => undefined);

test('an effect is written down before it runs, runs once, and its result is told', async () => {
  const statesWhileRunning: string[][] = [];
  const tools = open(
    tool(once, async () => {
      statesWhileRunning.push(await storedStates());
      return done;
    }),
  );
  expect(JSON.parse(await ask(tools, 'r1'))).toEqual({ status: 'done', result: '{"number":42}' });
  expect(statesWhileRunning).toEqual([['executing']]);
  expect(await ask(tools, 'r1')).toContain('done');
  tools.replyEnded(reply('r1'), true);
  await expect.poll(storedStates).toEqual(['delivered']);
  expect(orders).toMatchObject([
    { argumentsJson: '{"day":"friday"}', speaker: { identity: 'anna', name: 'Anna' } },
  ]);
  expect(steps()).toEqual(['proposed', 'armed', 'executing', 'executed', 'delivered']);
});

test('arguments in another order are the same wish', async () => {
  const tools = open(tool(once));
  await ask(tools, 'r1', turn('t1'), { ...call, argumentsJson: '{"day":"friday","at":{"h":9,"m":0}}' });
  await ask(tools, 'r1', turn('t1'), { ...call, argumentsJson: '{"at":{"m":0,"h":9},"day":"friday"}' });
  expect(orders).toHaveLength(1);
  await ask(tools, 'r2', turn('t2'), { ...call, argumentsJson: '{"day":"friday","at":{"h":9,"m":0}}' });
  expect(orders).toHaveLength(2);
});

describe('an agent that dies', () => {
  test('before it ran what it had armed: the next one runs it, once', async () => {
    const effect = { effectId: randomUUID(), turnId: 't1', replyId: 'r1', speaker: 'anna', tool: 'book' };
    const wish = { argumentsJson: '{"day":"friday"}', idempotencyKey: 'k1', isRepeatable: false };
    await armEffect(database, job, { ...effect, ...wish });
    await replaceAgent();
    const next = open(tool(once), 2);
    await expect.poll(storedStates).toEqual(['executed']);
    const [earlier] = await next.forReply(reply('r2'), turn('t1')).earlier(never);
    expect(earlier?.content).toContain('42');
    expect(orders.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['k1']);
  });

  test.each([
    ['that may be asked twice is asked again, with its key', repeatable, 2, 'done'],
    ['that may not be asked twice is uncertain', once, 1, 'uncertain'],
  ])('while it runs: an effect %s', async (_name, kind, runs, status) => {
    const dead = open(tool(kind, hanging));
    const unanswered = ask(dead, 'r1').catch(() => 'never');
    await expect.poll(storedStates).toEqual(['executing']);
    await replaceAgent();
    const next = open(tool(kind), 2);
    const tools = next.forReply(reply('r2'), turn('t1'));
    next.replyStarted(reply('r2'), turn('t1'));
    const [earlier] = await tools.earlier(never);
    expect(JSON.parse(earlier?.content ?? '')).toMatchObject({ status });
    const again = await tools.call({ ...call, argumentsJson: '{"day":"on friday"}' }, never);
    expect(JSON.parse(again.content)).toMatchObject({ status });
    expect(orders).toHaveLength(runs);
    expect(new Set(orders.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    void unanswered;
  });

  test('after it had run: the result is told, and nothing runs again', async () => {
    await ask(open(tool(once)), 'r1');
    await expect.poll(storedStates).toEqual(['executed']);
    await replaceAgent();
    const next = open(tool(once), 2);
    const tools = next.forReply(reply('r2'), turn('t1'));
    expect((await tools.earlier(never)).map(({ content }) => JSON.parse(content))).toEqual([
      { status: 'done', result: '{"number":42}' },
    ]);
    next.replyStarted(reply('r2'), turn('t1'));
    next.replyEnded(reply('r2'), true);
    await expect.poll(storedStates).toEqual(['delivered']);
    expect(orders).toHaveLength(1);
  });
});

test('an agent that was replaced runs nothing any more', async () => {
  const tools = open(tool(once));
  await replaceAgent();
  expect(await ask(tools, 'r1')).toContain('not done');
  expect(orders).toEqual([]);
  expect(await storedStates()).toEqual([]);
});

test('while the database is away nothing runs, and the model is told', async () => {
  const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', onConnectionLost: () => undefined });
  const tools = open(tool(once), 1, away);
  expect(JSON.parse(await ask(tools, 'r1'))).toMatchObject({ status: 'failed' });
  expect(orders).toEqual([]);
  expect(steps()).toEqual(['proposed', 'armed', 'failed']);
  await tools.close(50);
  await away.close();
});

test('an agent that takes a call over while the database is away was silent for ever: now it answers, without effects', async () => {
  const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', onConnectionLost: () => undefined });
  const tools = open(tool(once), 2, away);
  expect(await tools.forReply(reply('r1'), turn('t1')).earlier(never)).toEqual([]);
  expect(JSON.parse(await ask(tools, 'r1'))).toMatchObject({ status: 'failed' });
  expect(orders).toEqual([]);
  await tools.close(50);
  await away.close();
});

test('what is prepared and thrown away runs nothing, effect or lookup', async () => {
  for (const kind of [once, { type: 'lookup', duringPreparation: false } as const]) {
    const tools = open(tool(kind));
    const given = new AbortController();
    const waiting = tools.forReply(reply('r1'), turn('t1')).call(call, given.signal);
    tools.replyDiscarded(reply('r1'));
    given.abort(new Error('thrown away'));
    await waiting.catch(() => undefined);
  }
  expect(orders).toEqual([]);
  expect(await storedStates()).toEqual([]);
});

test('a lookup that may run for a prepared reply does, and leaves no effect', async () => {
  const tools = open(tool({ type: 'lookup', duringPreparation: true }));
  expect((await tools.forReply(reply('r1'), turn('t1')).call(call, never)).content).toContain('42');
  expect(await storedStates()).toEqual([]);
});

test('a prepared answer to a yes waits until the yes counts, and then knows the result', async () => {
  const tools = open(tool({ ...once, gate: 'confirmed' }));
  expect(await ask(tools, 'r1')).toContain('waiting for a yes');
  tools.replyEnded(reply('r1'), true);
  const yes = turn('t2', 'Yes, please.');
  const earlier = tools.forReply(reply('r2'), yes).earlier(never);
  await new Promise((resolve) => setImmediate(resolve));
  expect(orders).toEqual([]);
  tools.turn(yes);
  tools.replyStarted(reply('r2'), yes);
  expect((await earlier).map(({ content }) => JSON.parse(content))).toEqual([
    { status: 'done', result: '{"number":42}' },
  ]);
  expect(orders).toHaveLength(1);
});

test('a prepared answer to a no does not wait, and knows that nothing was done', async () => {
  const tools = open(tool({ ...once, gate: 'confirmed' }));
  await ask(tools, 'r1');
  tools.replyEnded(reply('r1'), true);
  const [earlier] = await tools.forReply(reply('r2'), turn('t2', 'No, leave it.')).earlier(never);
  expect(earlier?.content).toContain('did not say yes');
});

test('an unknown outcome of a repeatable effect is asked for again with the same key', async () => {
  const answers: ToolResult[] = [{ outcome: 'unknown', result: 'HTTP 503' }, done];
  const tools = open(tool(repeatable, async () => answers.shift() ?? done));
  expect(await ask(tools, 'r1')).toContain('42');
  expect(orders).toHaveLength(2);
  expect(new Set(orders.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
});
