/** The metrics of a parent and all its job processes as one text: counters of jobs that ended stay in the sum. */
import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from 'prom-client';

/** What `registry.getMetricsAsJSON()` gives in a job process. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** Counters and histograms only grow; a gauge of a job that is gone says nothing. */
const cumulativeTypes = ['counter', 'histogram'];

export class JobMetrics {
  readonly #own: Registry;
  readonly #running = new Map<string, MetricsSnapshot>();
  #ended: MetricsSnapshot = [];

  constructor(own: Registry) {
    this.#own = own;
  }

  /** Takes a job's latest figures; `isLast` when the job ends. */
  async accept(jobId: string, snapshot: MetricsSnapshot, isLast: boolean): Promise<void> {
    if (!isLast) {
      this.#running.set(jobId, snapshot);
      return;
    }
    this.#running.delete(jobId);
    const lasting = snapshot.filter((metric) => cumulativeTypes.includes(String(metric.type)));
    this.#ended = await aggregate([this.#ended, lasting]).getMetricsAsJSON();
  }

  /** Prometheus text. */
  async text(): Promise<string> {
    return aggregate([await this.#own.getMetricsAsJSON(), this.#ended, ...this.#running.values()]).metrics();
  }
}

function aggregate(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate<typeof Registry.PROMETHEUS_CONTENT_TYPE>([...snapshots]);
}
