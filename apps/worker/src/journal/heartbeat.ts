/** Does something every so often, never twice at once, until closed. A failed beat is logged and the next one comes. */
import type { Logger } from '@sophy/telemetry/logger';

export class Heartbeat {
  readonly #timer: ReturnType<typeof setInterval>;
  #beating: Promise<void> | undefined;

  constructor(options: {
    readonly everyMs: number;
    readonly beat: () => Promise<void>;
    readonly logger: Logger;
  }) {
    const { everyMs, beat, logger } = options;
    const run = (): void => {
      this.#beating ??= beat()
        .catch((error: unknown) => logger.warn({ error }, 'heartbeat failed, trying again'))
        .finally(() => {
          this.#beating = undefined;
        });
    };
    run();
    this.#timer = setInterval(run, everyMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }
}
