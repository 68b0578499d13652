import { randomUUID } from 'node:crypto';
import { callIdSchema } from '@sophy/contracts/ids';
import { expect, test } from 'vitest';
import type { RunningJob } from './running-jobs.ts';
import { StaleJobs } from './stale-jobs.ts';

function job(jobId: string): RunningJob {
  return { jobId, metadata: { callId: callIdSchema.parse(randomUUID()), epoch: 1, roomName: 'kitchen' } };
}

test('a job that stays stale for 10 s is killed; one that is current again, or has left, is not', () => {
  let nowMs = 0;
  const killed: string[] = [];
  const jobs = new StaleJobs({ kill: (jobId) => killed.push(jobId), nowMs: () => nowMs });
  const hung = job('hung');
  const leaving = job('leaving');
  const fine = job('fine');
  jobs.note([hung, leaving, fine], [hung.metadata, leaving.metadata]);
  nowMs = 9_000;
  jobs.note([hung, fine], [hung.metadata]);
  expect(killed).toEqual([]);
  nowMs = 10_000;
  jobs.note([hung, fine], [hung.metadata]);
  expect(killed).toEqual(['hung']);
});

test('the time of a job that was stale once and is again counts anew', () => {
  let nowMs = 0;
  const killed: string[] = [];
  const jobs = new StaleJobs({ kill: (jobId) => killed.push(jobId), nowMs: () => nowMs });
  const one = job('one');
  jobs.note([one], [one.metadata]);
  nowMs = 8_000;
  jobs.note([one], []);
  nowMs = 12_000;
  jobs.note([one], [one.metadata]);
  expect(killed).toEqual([]);
});
