import { expect, test } from 'vitest';
import { HeadSilence } from './head-silence.ts';

function joined(parts: readonly Int16Array[]): number[] {
  return parts.flatMap((part) => [...part]);
}

test('silence before the first sound is dropped but for 10 ms', () => {
  const head = new HeadSilence(1_000);
  const samples = new Int16Array(60);
  samples.fill(5_000, 40);
  expect(joined(head.trim(samples))).toEqual([...new Array(10).fill(0), ...new Array(20).fill(5_000)]);
});

test('the 10 ms may lie in the chunk before the first sound', () => {
  const head = new HeadSilence(1_000);
  expect(head.trim(Int16Array.from({ length: 30 }, (_, index) => (index >= 25 ? 7 : 0)))).toEqual([]);
  expect(joined(head.trim(Int16Array.of(1, 2, 9_000)))).toEqual([0, 0, 0, 7, 7, 7, 7, 7, 1, 2, 9_000]);
});

test('silence after the first sound belongs to the speech', () => {
  const head = new HeadSilence(1_000);
  head.trim(Int16Array.of(9_000));
  const pause = new Int16Array(50);
  expect(head.trim(pause)).toEqual([pause]);
});
