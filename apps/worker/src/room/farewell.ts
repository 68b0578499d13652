/** How an agent parts from a call whose budget is spent: it says so, hears nobody any more, and leaves nobody alone with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { Database } from '@sophy/db/database';
import type { Logger } from '@sophy/telemetry/logger';
import { hangUp } from '../tools/hang-up.ts';
import type { Budget } from './call-cost.ts';

/** What was played is still on its way to people's ears, ms. */
const onTheWayMs = 500;

export type FarewellOptions = {
  readonly database: Database;
  readonly job: JobMetadata;
  readonly closeRoom: () => Promise<void>;
  /** Resolves when somebody can hear the agent. */
  readonly whenListened: () => Promise<void>;
  /** Has the goodbye said, after the reply under way. */
  readonly say: () => void;
  /** Nobody is heard any more. */
  readonly deafen: () => void;
  readonly peopleCount: () => number;
  readonly isQuitting: () => boolean;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

export class Farewell {
  readonly #options: FarewellOptions;
  #hasParted = false;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  /** A budget is spent. */
  takeLeave(budget: Budget): void {
    const { logger, whenListened, say } = this.#options;
    logger.info({ budget }, 'saying goodbye');
    void whenListened().then(say);
  }

  /** The goodbye was said. People who have each other stay, unheard by the agent. */
  said(): void {
    this.#hasParted = true;
    this.#options.deafen();
    void this.#endIfAlone();
  }

  /** Somebody has left: who is now alone with an agent that has said goodbye is let go. */
  personLeft(): void {
    if (this.#hasParted) this.said();
  }

  async #endIfAlone(): Promise<void> {
    const { database, job, closeRoom, peopleCount, isQuitting, signal, logger } = this.#options;
    if (isQuitting() || peopleCount() > 1) return;
    try {
      await sleep(onTheWayMs, undefined, { signal });
      await hangUp({ database, job, closeRoom }, 'budget');
    } catch (error) {
      if (!signal.aborted) logger.error({ error }, 'the call was not ended; it is not heard any more');
    }
  }
}
