/** Sends a job's metrics to its parent, which serves those of all its jobs as one. */
import type { Logger } from '@sophy/telemetry/logger';
import type { Registry } from '@sophy/telemetry/metrics';

const everyMs = 5_000;

export type MetricsReporterOptions = {
  /** Where the parent listens; undefined: nobody asks for metrics. */
  readonly url: string | undefined;
  readonly jobId: string;
  readonly registry: Registry;
  readonly logger: Logger;
};

export class MetricsReporter {
  readonly #options: MetricsReporterOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: MetricsReporterOptions) {
    this.#options = options;
    this.#send(false);
    this.#timer = setInterval(() => this.#send(false), everyMs);
  }

  /** Sends the last figures. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#send(true);
    await this.#sending;
  }

  #send(isLast: boolean): void {
    const { url, jobId, registry, logger } = this.#options;
    if (url === undefined) return;
    this.#sending = this.#sending.then(async () => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            jobId,
            pid: process.pid,
            isLast,
            metrics: await registry.getMetricsAsJSON(),
          }),
          signal: AbortSignal.timeout(2_000),
        });
        await response.body?.cancel();
      } catch (error) {
        logger.debug({ error }, 'metrics not reported');
      }
    });
  }
}
