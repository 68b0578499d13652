/** Breakers of several processes against a real Redis that dies, hangs and comes back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProgram, startChildProgram } from '@sophy/testkit/child-program';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { testEnvironment } from '@sophy/testkit/test-environment';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  afterFailure,
  afterProbe,
  afterSuccess,
  type BreakerState,
  closedBreaker,
  isOpen,
} from './breaker.ts';
import { RedisBreakerStore } from './redis-breaker-store.ts';

const key = 'tts:a';
const rules = { consecutiveFailures: 3 };
const fails = (state: BreakerState) => afterFailure(state, 'outage', Date.now(), rules);

type Store = { readonly store: RedisBreakerStore; readonly news: string[] };

let directory: string;
let port: number;
let redis: ChildProgram;
let opened: RedisBreakerStore[];
/** To look at Redis itself. */
let direct: Redis;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-breakers-'));
  port = await freeTcpPort();
  redis = startRedis();
  await isReady(redis);
  opened = [];
  direct = new Redis(port);
  // It dies with Redis, and comes back with it.
  direct.on('error', () => undefined);
});
afterEach(async () => {
  direct.disconnect();
  await Promise.all(opened.map((store) => store.close()));
  await redis.stop();
  await rm(directory, { recursive: true, force: true });
});

function startRedis(): ChildProgram {
  return startChildProgram({
    name: 'redis-server',
    command: testEnvironment.redisServerBin,
    arguments: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory],
    env: { ...testEnvironment.childBase, PATH: testEnvironment.path },
  });
}

const isReady = (program: ChildProgram): Promise<void> =>
  program.readyWhen(async () => program.log().includes('Ready to accept connections'), 10_000);

function open(): Store {
  const news: string[] = [];
  const store = new RedisBreakerStore({
    url: `redis://127.0.0.1:${port}`,
    onReachable: (isReachable) => news.push(isReachable ? 'back' : 'gone'),
  });
  opened.push(store);
  return { store, news };
}

/** Two stores that hear each other. */
async function openTwo(): Promise<readonly [Store, Store]> {
  const two = [open(), open()] as const;
  await expect.poll(() => direct.pubsub('NUMSUB', 'sophy:breakers')).toEqual(['sophy:breakers', 2]);
  // Each can write as well.
  for (const [index, { store }] of two.entries()) {
    const greeting = `ready:${index}`;
    await expect
      .poll(() => {
        store.update(greeting, fails);
        return direct.exists(`sophy:breaker:${greeting}`);
      })
      .toBe(1);
  }
  return two;
}

const until = (condition: () => boolean, timeout = 5_000) =>
  expect.poll(condition, { timeout, interval: 5 }).toBe(true);

test('what one process opens is open in the other within 200 ms, and closes likewise', async () => {
  const [{ store: one }, { store: other }] = await openTwo();
  other.read(key);
  const heard: string[] = [];
  other.onChange((changed) => heard.push(changed));
  for (let time = 0; time < 3; time += 1) one.update(key, fails);
  expect(isOpen(one.read(key))).toBe(true);
  await until(() => isOpen(other.read(key)), 200);
  expect(heard).toContain(key);
  one.update(key, (state) => afterProbe(state, true, Date.now()));
  await until(() => !isOpen(other.read(key)), 200);
});

test('failures of two processes add up, also those at the same moment', async () => {
  const [{ store: one }, { store: other }] = await openTwo();
  const patient = { consecutiveFailures: 40 };
  for (let time = 0; time < 20; time += 1)
    for (const store of [one, other])
      store.update(key, (state) => afterFailure(state, 'outage', 1_000 * time, patient));
  // Half of ten opens it long before: what matters is that no process counts alone.
  await until(() => isOpen(one.read(key)) && isOpen(other.read(key)));
  const third = 'llm:a';
  one.update(third, fails);
  other.update(third, fails);
  await until(() => one.read(third).consecutiveFailures === 2 && other.read(third).consecutiveFailures === 2);
  one.update(third, fails);
  await until(() => isOpen(other.read(third)));
});

test('a success forgets the failures of all', async () => {
  const [{ store: one }, { store: other }] = await openTwo();
  one.update(key, fails);
  await until(() => other.read(key).consecutiveFailures === 1);
  other.update(key, (state) => afterSuccess(state, Date.now()));
  await until(() => one.read(key).consecutiveFailures === 0);
});

test('a process that comes later finds what the others know', async () => {
  const [{ store: one }, { store: other }] = await openTwo();
  for (let time = 0; time < 3; time += 1) one.update(key, fails);
  await until(() => isOpen(other.read(key)));
  const { store: late } = open();
  await until(() => isOpen(late.read(key)));
});

test('one process of the fleet probes, and after its time another may', async () => {
  const [{ store: one }, { store: other }] = await openTwo();
  expect([await one.claimProbe(key, 300), await other.claimProbe(key, 300)]).toEqual([true, false]);
  expect(await other.claimProbe('tts:b', 300)).toBe(true);
  await expect.poll(() => other.claimProbe(key, 300), { timeout: 2_000 }).toBe(true);
});

test('while Redis is dead each process goes on by itself; when it is back they share again', async () => {
  const [one, other] = await openTwo();
  await redis.kill();
  await until(() => one.news.length > 0 && other.news.length > 0);
  for (let time = 0; time < 3; time += 1) one.store.update(key, fails);
  expect(isOpen(one.store.read(key))).toBe(true);
  expect(await one.store.claimProbe(key, 3_000)).toBe(true);
  expect(isOpen(other.store.read(key))).toBe(false);
  redis = startRedis();
  await isReady(redis);
  await until(() => one.news.at(-1) === 'back' && other.news.at(-1) === 'back', 10_000);
  expect(one.news).toEqual(['gone', 'back']);
  await expect
    .poll(() => direct.pubsub('NUMSUB', 'sophy:breakers'), { timeout: 10_000 })
    .toEqual(['sophy:breakers', 2]);
  // What was found out alone is known to all, and what comes next too.
  await until(() => isOpen(other.store.read(key)));
  for (let time = 0; time < 3; time += 1) other.store.update('tts:b', fails);
  await until(() => isOpen(one.store.read('tts:b')));
}, 30_000);

test('a process that starts before Redis shares as soon as there is one', async () => {
  await redis.kill();
  const early = open();
  await until(() => early.news.length > 0);
  redis = startRedis();
  await isReady(redis);
  await expect
    .poll(() => direct.pubsub('NUMSUB', 'sophy:breakers'), { timeout: 10_000 })
    .toEqual(['sophy:breakers', 1]);
  const { store: late } = open();
  late.read(key);
  await until(() => {
    late.update(key, fails);
    return isOpen(early.store.read(key));
  });
}, 30_000);

test('a Redis that hangs holds up no probe for longer than a second or so, and no closing', async () => {
  const [one] = await openTwo();
  process.kill(redis.pid, 'SIGSTOP');
  try {
    const startedMs = performance.now();
    expect(await one.store.claimProbe(key, 3_000)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(2_500);
    expect(one.news).toEqual(['gone']);
    one.store.update(key, fails);
    expect(one.store.read(key).consecutiveFailures).toBe(1);
    const closedMs = performance.now();
    await one.store.close();
    expect(performance.now() - closedMs).toBeLessThan(2_500);
  } finally {
    process.kill(redis.pid, 'SIGCONT');
  }
});

test('a Redis that hung for a while is shared again once it answers', async () => {
  const [one, other] = await openTwo();
  process.kill(redis.pid, 'SIGSTOP');
  try {
    await one.store.claimProbe(key, 3_000);
  } finally {
    process.kill(redis.pid, 'SIGCONT');
  }
  for (let time = 0; time < 3; time += 1) one.store.update('tts:b', fails);
  await until(() => isOpen(other.store.read('tts:b')));
  await until(() => one.news.at(-1) === 'back');
  expect(one.news).toEqual(['gone', 'back']);
});

test('what nobody writes to is forgotten after two minutes', async () => {
  const [{ store }] = await openTwo();
  store.update(key, fails);
  await expect.poll(() => direct.pttl(`sophy:breaker:${key}`)).toBeGreaterThan(115_000);
  expect(await direct.pttl(`sophy:breaker:${key}`)).toBeLessThanOrEqual(120_000);
});

test('what something else wrote there is no reason to stop', async () => {
  await direct.set(`sophy:breaker:${key}`, 'not a state');
  await direct.set('sophy:breaker:tts:b', '{"openings":"many"}');
  const [{ store, news }, other] = await openTwo();
  await direct.publish('sophy:breakers', 'not news');
  await direct.publish('sophy:breakers', '{}');
  for (const one of [key, 'tts:b']) {
    expect(store.read(one)).toBe(closedBreaker);
    for (let time = 0; time < 3; time += 1) store.update(one, fails);
    await until(() => isOpen(other.store.read(one)));
  }
  expect(news).toEqual([]);
});

test('closed stores leave no connection', async () => {
  const stores = await openTwo();
  for (const { store } of stores) store.update(key, fails);
  await Promise.all(stores.map(({ store }) => store.close()));
  await expect
    .poll(
      async () =>
        String(await direct.client('LIST'))
          .trim()
          .split('\n').length,
    )
    .toBe(1);
});
