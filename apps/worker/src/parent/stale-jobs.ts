/** Ends the processes of jobs that have no business any more and do not leave by themselves: hung, or stopped. */
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { RunningJob } from './running-jobs.ts';

/** An agent leaves within 2 s of learning that it is stale; its process closes in a few more, ms. */
const patienceMs = 10_000;

export class StaleJobs {
  readonly #kill: (jobId: string) => void;
  readonly #nowMs: () => number;
  readonly #since = new Map<string, number>();

  constructor(options: { readonly kill: (jobId: string) => void; readonly nowMs: () => number }) {
    this.#kill = options.kill;
    this.#nowMs = options.nowMs;
  }

  /** `stale`: which of the running jobs the database says are past. */
  note(running: readonly RunningJob[], stale: readonly Pick<JobMetadata, 'callId' | 'epoch'>[]): void {
    const isStale = ({ metadata }: RunningJob) =>
      stale.some(({ callId, epoch }) => callId === metadata.callId && epoch === metadata.epoch);
    const staleJobs = running.filter(isStale).map(({ jobId }) => jobId);
    for (const jobId of this.#since.keys()) if (!staleJobs.includes(jobId)) this.#since.delete(jobId);
    for (const jobId of staleJobs) {
      const sinceMs = this.#since.get(jobId) ?? this.#nowMs();
      this.#since.set(jobId, sinceMs);
      if (this.#nowMs() - sinceMs >= patienceMs) this.#kill(jobId);
    }
  }
}
