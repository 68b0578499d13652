import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HandOverWatch } from './hand-over-watch.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function watching() {
  const world = { isPause: true, moments: [] as unknown[] };
  const watch = new HandOverWatch({
    isPause: () => world.isPause,
    onMoment: (moment) => world.moments.push(moment),
    now: () => Date.now(),
  });
  return { world, watch };
}

test('the call is given up in a pause that has lasted, once', () => {
  const { world, watch } = watching();
  world.isPause = false;
  watch.note({ readyEpoch: 2, dueInMs: 20_000 });
  vi.advanceTimersByTime(3_000);
  world.isPause = true;
  vi.advanceTimersByTime(300);
  world.isPause = false;
  vi.advanceTimersByTime(50);
  world.isPause = true;
  vi.advanceTimersByTime(400);
  expect(world.moments).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(world.moments).toEqual([{ successorEpoch: 2, isForced: false }]);
  watch.note({ readyEpoch: 2, dueInMs: 10_000 });
  vi.advanceTimersByTime(5_000);
  expect(world.moments).toHaveLength(1);
});

test('when the time is up it is given up in the middle of a turn', () => {
  const { world, watch } = watching();
  world.isPause = false;
  watch.note({ readyEpoch: 3, dueInMs: 1_000 });
  vi.advanceTimersByTime(950);
  expect(world.moments).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(world.moments).toEqual([{ successorEpoch: 3, isForced: true }]);
});

test('without a successor, or when it has gone again, the agent keeps the call', () => {
  const { world, watch } = watching();
  watch.note({ readyEpoch: null, dueInMs: -5_000 });
  vi.advanceTimersByTime(5_000);
  watch.note({ readyEpoch: 2, dueInMs: 5_000 });
  vi.advanceTimersByTime(200);
  watch.note(null);
  vi.advanceTimersByTime(10_000);
  expect(world.moments).toEqual([]);
  watch.close();
});
