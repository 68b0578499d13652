/** The jobs of this worker as its agent server has them, and which of them have come to an end since the last look. */
import type { AgentServer } from '@livekit/agents';
import { type JobMetadata, jobMetadataSchema } from '@sophy/contracts/job-metadata';

export type RunningJob = { readonly jobId: string; readonly metadata: JobMetadata };

/** Seldom enough to cost nothing, often enough to replace a crashed job before anybody asks where it is. */
const lookEveryMs = 50;

export class RunningJobs {
  readonly #server: Pick<AgentServer, 'activeJobs'>;
  readonly #onGone: (job: RunningJob) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #known: readonly RunningJob[] = [];

  constructor(options: {
    readonly server: Pick<AgentServer, 'activeJobs'>;
    /** Its process has ended, in whichever way. */
    readonly onGone: (job: RunningJob) => void;
  }) {
    this.#server = options.server;
    this.#onGone = options.onGone;
    this.#timer = setInterval(() => this.look(), lookEveryMs);
  }

  get current(): readonly RunningJob[] {
    return this.#known;
  }

  look(): void {
    const before = this.#known;
    this.#known = this.#server.activeJobs.flatMap(({ job }) => {
      const metadata = parseJobMetadata(job.metadata);
      return metadata === undefined ? [] : [{ jobId: job.id, metadata }];
    });
    const running = new Set(this.#known.map(({ jobId }) => jobId));
    for (const job of before) if (!running.has(job.jobId)) this.#onGone(job);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** Undefined for a job that is not ours. */
export function parseJobMetadata(text: string): JobMetadata | undefined {
  try {
    return jobMetadataSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: somebody else's dispatch under our name.
    return undefined;
  }
}
