import { expect, it } from 'vitest';
import { type Sighting, servedAgainAt, serviceGaps } from './service-times.ts';

const seen = (atMs: number, epoch: number, event: Sighting['event'] | string): Sighting => ({
  atMs,
  identity: `agent-e${epoch}`,
  epoch,
  event: typeof event === 'string' ? { type: 'state', state: event } : event,
});

it('an agent that was killed serves no more, whatever its ghost still shows', () => {
  const sightings = [
    seen(0, 1, 'listening'),
    seen(100, 1, { type: 'killed' }),
    seen(150, 1, 'speaking'),
    seen(1_300, 2, 'initializing'),
    seen(1_500, 2, 'listening'),
  ];
  expect(serviceGaps(sightings, 5_000)).toEqual([{ startMs: 100, endMs: 1_500 }]);
  expect(servedAgainAt(sightings, { atMs: 100, epoch: 1 })).toBe(1_500);
});

it('a successor in standby serves nobody; when it takes over before the other leaves, there is no gap', () => {
  const standby = [seen(0, 1, 'listening'), seen(500, 2, 'standby'), seen(800, 1, { type: 'left' })];
  expect(serviceGaps([...standby, seen(1_000, 2, 'listening')], 5_000)).toEqual([
    { startMs: 800, endMs: 1_000 },
  ]);
  const overlapping = [seen(0, 1, 'listening'), seen(700, 2, 'listening'), seen(800, 1, { type: 'left' })];
  expect(serviceGaps(overlapping, 5_000)).toEqual([]);
});

it('a gap that is not over ends with the look, and before the first service there is none', () => {
  const sightings = [seen(0, 1, 'initializing'), seen(900, 1, 'listening'), seen(2_000, 1, { type: 'left' })];
  expect(serviceGaps(sightings, 4_000)).toEqual([{ startMs: 2_000, endMs: 4_000 }]);
  expect(servedAgainAt(sightings, { atMs: 2_000, epoch: 1 })).toBeUndefined();
});
