/** What a run has measured and which promises it has seen broken. */
import { summarize } from '@sophy/bench/percentiles';

/** One row of the table. */
export type Measurement = {
  readonly scenario: string;
  readonly what: string;
  /** ms, in the order measured. */
  readonly valuesMs: readonly number[];
  /** The promise about them, if there is one. */
  readonly limit?: { readonly percentile: 50 | 95 | 100; readonly ms: number };
};

/** A count that the table shows; broken when it is above what is allowed. */
export type Count = {
  readonly scenario: string;
  readonly what: string;
  readonly value: number;
  readonly allowed?: number;
};

export type BrokenPromise = {
  readonly scenario: string;
  /** Room and call, where it is about one. */
  readonly where: string;
  readonly epoch?: number;
  readonly expected: string;
  readonly found: string;
  /** ISO time, to find it in the logs. */
  readonly at: string;
};

export class Findings {
  readonly measurements: Measurement[] = [];
  readonly counts: Count[] = [];
  readonly broken: BrokenPromise[] = [];
  /** How each scenario was done and on what machine, one line each. */
  readonly methods: string[] = [];
  readonly #patience: number;

  /** `patience`: how many times longer than promised everything may take on a machine that does other work too. */
  constructor({ patience = 1 }: { readonly patience?: number } = {}) {
    this.#patience = patience;
  }

  measured(measurement: Measurement): void {
    const { limit: promised, valuesMs, scenario, what } = measurement;
    const limit = promised === undefined ? undefined : { ...promised, ms: promised.ms * this.#patience };
    this.measurements.push({ scenario, what, valuesMs, ...(limit === undefined ? {} : { limit }) });
    if (limit === undefined || valuesMs.length === 0) return;
    const { p50, p95, max } = summarize(valuesMs);
    const found = limit.percentile === 50 ? p50 : limit.percentile === 95 ? p95 : max;
    if (found > limit.ms) {
      this.breaks({
        scenario,
        where: what,
        expected: `${nameOf(limit.percentile)} of at most ${limit.ms} ms`,
        found: `${found.toFixed(0)} ms of n = ${valuesMs.length}`,
      });
    }
  }

  counted(count: Count): void {
    this.counts.push(count);
  }

  breaks(broken: Omit<BrokenPromise, 'at'>): void {
    this.broken.push({ ...broken, at: new Date().toISOString() });
  }
}

export function nameOf(percentile: 50 | 95 | 100): string {
  return percentile === 100 ? 'max' : `p${percentile}`;
}
