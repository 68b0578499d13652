/** The table of effects on a real Postgres: once for each key, and nothing from an agent that was replaced. */
import { randomUUID } from 'node:crypto';
import { type CallId, callIdSchema } from '@sophy/contracts/ids';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertOpenCall } from './calls.ts';
import { type Database, openDatabase } from './database.ts';
import {
  armEffect,
  beginEffect,
  type EffectWriter,
  endCallOfAgent,
  type NewEffect,
  settleEffect,
  takeEffects,
} from './effects.ts';

let testDatabase: TestDatabase;
let database: Database;
let callId: CallId;
let first: EffectWriter;
let second: EffectWriter;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, maxConnections: 20 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  callId = callIdSchema.parse(randomUUID());
  first = { callId, epoch: 1 };
  second = { callId, epoch: 2 };
  await insertOpenCall(database, { id: callId, roomName: `kitchen-${callId}` });
});

function effect(overrides: Partial<NewEffect> = {}): NewEffect {
  return {
    effectId: randomUUID(),
    turnId: 't1',
    replyId: 'r1',
    speaker: 'anna',
    tool: 'book',
    argumentsJson: '{"day":"friday"}',
    idempotencyKey: randomUUID(),
    isRepeatable: false,
    ...overrides,
  };
}

/** As a supervisor does when an agent is lost. */
async function replaceAgent(): Promise<void> {
  await database.pool.query('UPDATE calls SET epoch = 2, latest_epoch = 2 WHERE id = $1', [callId]);
}

async function stateOf(effectId: string): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ state: string }>(
    'SELECT state FROM effects WHERE effect_id = $1',
    [effectId],
  );
  return rows[0]?.state;
}

test('an effect goes from armed to delivered, each step as often as it is written', async () => {
  const booked = effect();
  for (let time = 0; time < 2; time += 1) expect(await armEffect(database, first, booked)).toBe('stored');
  for (let time = 0; time < 2; time += 1)
    expect(await beginEffect(database, first, booked.effectId)).toBe('stored');
  const { effectId } = booked;
  for (const state of ['executed', 'executed', 'delivered', 'delivered'] as const)
    expect(await settleEffect(database, first, { effectId, state, result: '{"number":7}' })).toBe('stored');
  expect(await takeEffects(database, first)).toMatchObject([
    { effectId, state: 'delivered', result: '{"number":7}', argumentsJson: '{"day":"friday"}', epoch: 1 },
  ]);
});

test('of twenty agents that arm the same wish at once, one does', async () => {
  const idempotencyKey = randomUUID();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => armEffect(database, first, effect({ idempotencyKey }))),
  );
  expect(results.filter((result) => result === 'stored')).toHaveLength(1);
});

test('a wish that failed for certain may be armed again, one that was begun may not', async () => {
  const failed = effect();
  await armEffect(database, first, failed);
  await settleEffect(database, first, { effectId: failed.effectId, state: 'failed', result: undefined });
  const again = effect({ idempotencyKey: failed.idempotencyKey });
  expect(await armEffect(database, first, again)).toBe('stored');
  await beginEffect(database, first, again.effectId);
  expect(await armEffect(database, first, effect({ idempotencyKey: failed.idempotencyKey }))).toBe('stale');
  await settleEffect(database, first, { effectId: again.effectId, state: 'uncertain', result: undefined });
  expect(await armEffect(database, first, effect({ idempotencyKey: failed.idempotencyKey }))).toBe('stale');
});

test('an agent that was replaced arms, begins and settles nothing any more', async () => {
  const armed = effect();
  const begun = effect();
  await armEffect(database, first, armed);
  await armEffect(database, first, begun);
  await beginEffect(database, first, begun.effectId);
  await replaceAgent();
  expect(await armEffect(database, first, effect())).toBe('stale');
  expect(await beginEffect(database, first, armed.effectId)).toBe('stale');
  expect(
    await settleEffect(database, first, { effectId: begun.effectId, state: 'executed', result: 'ok' }),
  ).toBe('stale');
  expect(await takeEffects(database, first)).toBe('stale');
  expect([await stateOf(armed.effectId), await stateOf(begun.effectId)]).toEqual(['armed', 'executing']);
});

test('the next agent takes up what the one before has left, and only it answers for it', async () => {
  const left = effect();
  await armEffect(database, first, left);
  expect(await takeEffects(database, second)).toBe('stale');
  await replaceAgent();
  expect(await takeEffects(database, second)).toMatchObject([
    { effectId: left.effectId, state: 'armed', epoch: 1 },
  ]);
  expect(await beginEffect(database, second, left.effectId)).toBe('stored');
  expect(
    await settleEffect(database, second, { effectId: left.effectId, state: 'executed', result: 'ok' }),
  ).toBe('stored');
});

test('a call that has ended begins no effect, and still takes the outcome of one that was begun', async () => {
  const [armed, begun] = [effect(), effect()];
  await armEffect(database, first, armed);
  await armEffect(database, first, begun);
  await beginEffect(database, first, begun.effectId);
  expect(await endCallOfAgent(database, second, 'agent-ended')).toBe('stale');
  expect(await endCallOfAgent(database, first, 'agent-ended')).toBe('stored');
  expect(await endCallOfAgent(database, first, 'agent-ended')).toBe('stale');
  expect(await beginEffect(database, first, armed.effectId)).toBe('stale');
  expect(await armEffect(database, first, effect())).toBe('stale');
  expect(
    await settleEffect(database, first, { effectId: begun.effectId, state: 'executed', result: 'ok' }),
  ).toBe('stored');
});

test('arguments and results of any text are stored', async () => {
  const odd = effect({ argumentsJson: JSON.stringify({ note: 'a\u0000b \ud800 "c"' }) });
  expect(await armEffect(database, first, odd)).toBe('stored');
  expect(
    await settleEffect(database, first, { effectId: odd.effectId, state: 'failed', result: '\u0000x\ud800' }),
  ).toBe('stored');
});
