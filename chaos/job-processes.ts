/** Which process runs the agent of which call, read from the lines that the jobs log. */
import { z } from 'zod';

export type JobProcess = {
  readonly pid: number;
  /** Name of the worker replica whose output it writes to. */
  readonly worker: string;
  readonly callId: string;
  readonly epoch: number;
};

const jobLineSchema = z.object({
  name: z.literal('worker-job'),
  pid: z.number(),
  callId: z.string(),
  epoch: z.number(),
});

export class JobProcesses {
  readonly #jobs = new Map<string, JobProcess>();

  /** A line of a worker's output; lines that are not of a job are left out. */
  read(worker: string, line: string): void {
    if (!line.includes('"worker-job"')) return;
    const job = jobLineSchema.safeParse(parseJson(line));
    if (!job.success) return;
    const { pid, callId, epoch } = job.data;
    this.#jobs.set(keyOf(callId, epoch), { pid, worker, callId, epoch });
  }

  /** Undefined before the job has logged anything. */
  of(callId: string, epoch: number): JobProcess | undefined {
    return this.#jobs.get(keyOf(callId, epoch));
  }

  get all(): readonly JobProcess[] {
    return [...this.#jobs.values()];
  }
}

function keyOf(callId: string, epoch: number): string {
  return `${callId} ${epoch}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line of a program that does not log in JSON.
    return undefined;
  }
}
