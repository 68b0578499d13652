/** Does something every so often, never twice at once, until closed. A failed beat is logged and the next one comes. */
import type { Logger } from '@sophy/telemetry/logger';

export type HeartbeatOptions = {
  readonly everyMs: number;
  readonly beat: () => Promise<void>;
  readonly logger: Logger;
};

export class Heartbeat {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #options: HeartbeatOptions;
  #beating: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    void this.#run();
    this.#timer = setInterval(() => void this.#run(), options.everyMs);
  }

  /** A beat that begins now, after the one under way; resolves when it is over. Never rejects. */
  async now(): Promise<void> {
    await this.#beating;
    await this.#run();
  }

  #run(): Promise<void> {
    const { beat, logger } = this.#options;
    this.#beating ??= beat()
      .catch((error: unknown) => logger.warn({ error }, 'heartbeat failed, trying again'))
      .finally(() => {
        this.#beating = undefined;
      });
    return this.#beating;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }
}
