/**
 * How many calls this worker takes: counted slots, not processor load. The supervisor leases them in the database;
 * what is counted here keeps a worker from taking more even where the database was wrong.
 */

import type { RunningJob } from './running-jobs.ts';

/** An accepted job that has not started by then never will; its slot is free again, ms. */
const startLimitMs = 60_000;

export class Slots {
  readonly #total: number;
  readonly #running: () => readonly RunningJob[];
  readonly #nowMs: () => number;
  /** Accepted jobs, until they run. */
  readonly #accepted = new Map<string, { readonly job: RunningJob; readonly atMs: number }>();

  constructor(options: { total: number; running: () => readonly RunningJob[]; nowMs: () => number }) {
    this.#total = options.total;
    this.#running = options.running;
    this.#nowMs = options.nowMs;
  }

  /** Takes a slot for a job that is about to start; false when there is none. */
  take(job: RunningJob): boolean {
    if (this.used >= this.#total) return false;
    this.#accepted.set(job.jobId, { job, atMs: this.#nowMs() });
    return true;
  }

  /** The job runs, and counts as running from here on. */
  started(jobId: string): void {
    this.#accepted.delete(jobId);
  }

  /** Jobs that run or are about to. */
  get jobs(): readonly RunningJob[] {
    for (const [jobId, { atMs }] of this.#accepted)
      if (this.#nowMs() - atMs > startLimitMs) this.#accepted.delete(jobId);
    const running = this.#running();
    const runs = (jobId: string) => running.some((job) => job.jobId === jobId);
    const accepted = [...this.#accepted.values()].map(({ job }) => job);
    return [...running, ...accepted.filter(({ jobId }) => !runs(jobId))];
  }

  get used(): number {
    return this.jobs.length;
  }
}
