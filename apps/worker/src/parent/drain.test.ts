import { createLogger } from '@sophy/telemetry/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drain } from './drain.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function draining(options: { budgetMs: number; jobs: number; failsUntil?: number }) {
  const world = {
    hasSuccessors: false,
    jobs: options.jobs,
    asked: [] as number[],
    stop: new AbortController(),
  };
  const done = drain({
    budgetMs: options.budgetMs,
    activeJobs: () => world.jobs,
    requestHandOvers: async (withinMs) => {
      world.asked.push(withinMs);
      if (world.asked.length <= (options.failsUntil ?? 0)) throw new Error('the database is away');
    },
    hasSuccessors: async () => world.hasSuccessors,
    nowMs: () => Date.now(),
    signal: world.stop.signal,
    logger: createLogger({ service: 'worker', level: 'silent' }),
  });
  return { world, done };
}

test('a worker without calls ends at once and asks nobody', async () => {
  const { world, done } = draining({ budgetMs: 30_000, jobs: 0 });
  expect(await done).toBe(0);
  expect(world.asked).toEqual([]);
});

test('it ends as soon as the last call has been taken over', async () => {
  const { world, done } = draining({ budgetMs: 30_000, jobs: 2 });
  await vi.advanceTimersByTimeAsync(2_400);
  world.jobs = 0;
  await vi.advanceTimersByTimeAsync(100);
  expect(await done).toBe(0);
  expect(world.asked).toEqual([25_000, 24_000, 23_000]);
});

test('it ends when its time is up, with the calls that nobody took, and goes on asking while the database is away', async () => {
  const { world, done } = draining({ budgetMs: 8_000, jobs: 1, failsUntil: 3 });
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await done).toBe(1);
  expect(world.asked).toEqual([3_000, 2_000, 1_000, 0, 0, 0, 0, 0]);
});

test('a second signal ends the waiting', async () => {
  const { world, done } = draining({ budgetMs: 30_000, jobs: 1 });
  await vi.advanceTimersByTimeAsync(500);
  world.stop.abort();
  await vi.advanceTimersByTimeAsync(100);
  expect(await done).toBe(1);
});

test('a call whose successor is on its way is not dropped when the time is up, for a minute at most', async () => {
  const { world, done } = draining({ budgetMs: 5_000, jobs: 2 });
  world.hasSuccessors = true;
  await vi.advanceTimersByTimeAsync(9_000);
  world.jobs = 0;
  await vi.advanceTimersByTimeAsync(100);
  expect(await done).toBe(0);
  const stuck = draining({ budgetMs: 5_000, jobs: 1 });
  stuck.world.hasSuccessors = true;
  await vi.advanceTimersByTimeAsync(66_000);
  expect(await stuck.done).toBe(1);
});
