/**
 * What a job does when its worker has died: it goes on with the call, asks for somebody to take it over, and leaves
 * when that has happened or its time is up. The framework ends an orphan 15 s after the last word of its worker, which
 * speaks each 2.5 s.
 */
import type { Logger } from '@sophy/telemetry/logger';

const orphanMs = 10_000;
const askEveryMs = 1_000;
/** So long before the end the call is given up also in the middle of a turn. */
const marginMs = 4_000;

export type OrphanageOptions = {
  readonly requestHandOver: (withinMs: number) => Promise<void>;
  readonly leave: () => void;
  readonly logger: Logger;
};

export class Orphanage {
  readonly #options: OrphanageOptions;
  readonly #timers: ReturnType<typeof setInterval>[] = [];

  constructor(options: OrphanageOptions) {
    this.#options = options;
    process.once('disconnect', this.#onOrphaned);
  }

  close(): void {
    process.off('disconnect', this.#onOrphaned);
    for (const timer of this.#timers) clearInterval(timer);
  }

  readonly #onOrphaned = (): void => {
    const { leave, logger } = this.#options;
    logger.warn('worker is gone; the call goes on until another agent has it');
    this.#ask();
    this.#timers.push(
      setInterval(() => this.#ask(), askEveryMs),
      setTimeout(leave, orphanMs),
    );
  };

  #ask(): void {
    const { requestHandOver, logger } = this.#options;
    requestHandOver(orphanMs - marginMs).catch((error: unknown) =>
      logger.warn({ error }, 'call could not be offered to other agents, trying again'),
    );
  }
}
