import { expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { planKills } from './scenarios/kills.ts';

it('the same seed plans the same kills, and another seed others', () => {
  const plan = (seed: number) => planKills(200, createRandom(seed)).join(' ');
  expect(plan(7)).toBe(plan(7));
  expect(plan(7)).not.toBe(plan(8));
});

it('200 kills are 100 jobs, 50 workers, 30 API replicas and 20 supervisors', () => {
  const plan = planKills(200, createRandom(1));
  const count = (...kinds: readonly string[]) => plan.filter((kind) => kinds.includes(kind)).length;
  expect(plan).toHaveLength(200);
  expect([
    count('job'),
    count('parent', 'worker tree'),
    count('api', 'api and job'),
    count('supervisor'),
  ]).toEqual([100, 50, 30, 20]);
});

it('a branch is not moved by what the trunk draws', () => {
  const trunk = createRandom(3);
  const before = trunk.branch('a').next();
  trunk.next();
  expect(trunk.branch('a').next()).toBe(before);
});
