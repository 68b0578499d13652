import { expect, test } from 'vitest';
import { createLoginThrottle } from './login-throttle.ts';

const minuteMs = 60_000;

test('the eleventh try within 30 minutes waits until the first failure is forgotten', () => {
  const throttle = createLoginThrottle();
  for (let count = 0; count < 10; count += 1) {
    expect(throttle.waitMs('10.0.0.1', count * minuteMs)).toBe(0);
    throttle.recordFailure('10.0.0.1', count * minuteMs);
  }
  expect(throttle.waitMs('10.0.0.1', 10 * minuteMs)).toBe(20 * minuteMs);
  expect(throttle.waitMs('10.0.0.2', 10 * minuteMs)).toBe(0);
  expect(throttle.waitMs('10.0.0.1', 30 * minuteMs)).toBe(0);
});

test('a right password forgets the failures', () => {
  const throttle = createLoginThrottle();
  for (let count = 0; count < 10; count += 1) throttle.recordFailure('10.0.0.1', 0);
  expect(throttle.waitMs('10.0.0.1', 1)).toBeGreaterThan(0);
  throttle.forget('10.0.0.1');
  expect(throttle.waitMs('10.0.0.1', 1)).toBe(0);
});
