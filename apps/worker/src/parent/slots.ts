/**
 * How many calls this worker takes: counted slots, not processor load. The supervisor leases them in the database;
 * what is counted here keeps a worker from taking more even where the database was wrong.
 */

/** An accepted job that has not started by then never will; its slot is free again, ms. */
const startLimitMs = 15_000;

export class Slots {
  readonly #total: number;
  readonly #running: () => number;
  readonly #nowMs: () => number;
  /** Accepted jobs by the time of acceptance, until they run. */
  readonly #accepted = new Map<string, number>();

  constructor(options: { total: number; running: () => number; nowMs: () => number }) {
    this.#total = options.total;
    this.#running = options.running;
    this.#nowMs = options.nowMs;
  }

  /** Takes a slot for a job that is about to start; false when there is none. */
  take(jobId: string): boolean {
    if (this.used >= this.#total) return false;
    this.#accepted.set(jobId, this.#nowMs());
    return true;
  }

  /** The job runs, and counts as running from here on. */
  started(jobId: string): void {
    this.#accepted.delete(jobId);
  }

  get used(): number {
    for (const [jobId, atMs] of this.#accepted)
      if (this.#nowMs() - atMs > startLimitMs) this.#accepted.delete(jobId);
    return this.#running() + this.#accepted.size;
  }
}
