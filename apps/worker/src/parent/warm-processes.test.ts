import { expect, test } from 'vitest';
import { WarmProcesses } from './warm-processes.ts';

test('processes that wait are counted until they have a call or are gone', () => {
  const dead = new Set<number>();
  const warm = new WarmProcesses({ isAlive: (pid) => !dead.has(pid) });
  for (const pid of [11, 12, 13]) warm.ready(pid);
  warm.ready(11);
  expect(warm.count).toBe(3);
  warm.taken(12);
  dead.add(13);
  expect(warm.count).toBe(1);
});
