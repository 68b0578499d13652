/** Metrics of the stages and of memory, beside those of every request. */
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Engines } from './engines.ts';
import type { StageTimes } from './stage.ts';

const secondsBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];

/** Times of the stages; they are observed as requests come and go. */
export function createStageTimes(registry: Registry): StageTimes {
  const histogram = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['stage'], buckets: secondsBuckets, registers: [registry] });
  const wait = histogram('sophy_engine_wait_seconds', 'Time that a request waited for a place and its model');
  const work = histogram('sophy_engine_work_seconds', 'Time that a request kept its place');
  return {
    waited: (stage, seconds) => wait.observe({ stage }, seconds),
    worked: (stage, seconds) => work.observe({ stage }, seconds),
  };
}

/** Gauges that look at the engines whenever somebody reads the metrics. */
export function watchEngines(registry: Registry, engines: Engines): void {
  const stages = [engines.stt, engines.tts, engines.llm];
  new Gauge({
    name: 'sophy_engine_working',
    help: 'Requests that are worked on',
    labelNames: ['stage'],
    registers: [registry],
    collect() {
      for (const { name, queue } of stages) this.set({ stage: name }, queue.takenCount);
    },
  });
  new Gauge({
    name: 'sophy_engine_models_loaded',
    help: 'Models in memory',
    labelNames: ['stage'],
    registers: [registry],
    collect() {
      for (const { name, pool } of stages) this.set({ stage: name }, pool.loadedKeys.length);
    },
  });
  new Gauge({
    name: 'sophy_engine_memory_bytes',
    help: 'Memory of the process: used, allowed, and what its models take by estimate',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.set({ kind: 'used' }, engines.memory.usedBytes);
      this.set({ kind: 'limit' }, engines.memory.limitBytes);
      this.set({ kind: 'models' }, engines.memory.modelBytes);
    },
  });
}
