import { randomUUID } from 'node:crypto';
import { callIdSchema } from '@sophy/contracts/ids';
import { expect, test } from 'vitest';
import type { RunningJob } from './running-jobs.ts';
import { Slots } from './slots.ts';

function slots(total: number, running: () => readonly RunningJob[] = () => []) {
  const clock = { nowMs: 0 };
  return { clock, slots: new Slots({ total, running, nowMs: () => clock.nowMs }) };
}

function job(jobId: string): RunningJob {
  return { jobId, metadata: { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' } };
}

test('two requests at once for the last slot: one gets it', () => {
  const { slots: one } = slots(1);
  expect(one.take(job('a'))).toBe(true);
  expect(one.take(job('b'))).toBe(false);
});

test('an accepted job that never starts gives its slot back', () => {
  const { slots: one, clock } = slots(1);
  one.take(job('a'));
  clock.nowMs = 60_001;
  expect(one.take(job('b'))).toBe(true);
});

test('a job is known from its acceptance on, and is not counted twice when it runs', () => {
  const running: RunningJob[] = [];
  const { slots: two } = slots(2, () => running);
  const accepted = job('a');
  two.take(accepted);
  expect(two.jobs).toEqual([accepted]);
  running.push(accepted);
  expect(two.used).toBe(1);
  two.started('a');
  expect(two.jobs).toEqual([accepted]);
});
