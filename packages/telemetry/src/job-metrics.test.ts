import { Counter, Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { JobMetrics } from './job-metrics.ts';

function job(turns: number) {
  const registry = new Registry();
  new Counter({ name: 'turns_total', help: 'turns', registers: [registry] }).inc(turns);
  new Gauge({ name: 'active', help: 'active', registers: [registry] }).set(1);
  return registry.getMetricsAsJSON();
}

test('figures of all jobs add up, and the turns of a job that ended stay counted', async () => {
  const metrics = new JobMetrics(new Registry());
  await metrics.accept('a', await job(2), false);
  await metrics.accept('b', await job(3), false);
  expect(await metrics.text()).toContain('turns_total 5');
  await metrics.accept('a', await job(4), true);
  const text = await metrics.text();
  expect(text).toContain('turns_total 7');
  expect(text).toContain('active 1');
});

test('the latest report of a job replaces the one before', async () => {
  const metrics = new JobMetrics(new Registry());
  await metrics.accept('a', await job(2), false);
  await metrics.accept('a', await job(3), false);
  expect(await metrics.text()).toContain('turns_total 3');
});
