import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

function slots(total: number, running: () => number = () => 0) {
  const clock = { nowMs: 0 };
  return { clock, slots: new Slots({ total, running, nowMs: () => clock.nowMs }) };
}

test('two requests at once for the last slot: one gets it', () => {
  const { slots: one } = slots(1);
  expect(one.take('a')).toBe(true);
  expect(one.take('b')).toBe(false);
});

test('an accepted job that never starts gives its slot back', () => {
  const { slots: one, clock } = slots(1);
  one.take('a');
  clock.nowMs = 15_001;
  expect(one.take('b')).toBe(true);
});

test('a started job is not counted twice', () => {
  let running = 0;
  const { slots: two } = slots(2, () => running);
  two.take('a');
  running = 1;
  two.started('a');
  expect(two.used).toBe(1);
});
