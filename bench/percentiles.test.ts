import { expect, test } from 'vitest';
import { summarize } from './percentiles.ts';

test('percentiles are measured values, by nearest rank', () => {
  const values = Array.from({ length: 40 }, (_, index) => 40 - index);
  expect(summarize(values)).toEqual({ count: 40, min: 1, p50: 20, p95: 38, max: 40 });
  expect(summarize([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, max: 7 });
});

test('no measurement has no summary', () => {
  expect(() => summarize([])).toThrow('nothing was measured');
});
