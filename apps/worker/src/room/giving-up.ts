/** Gives a call to the successor that waits for it, once everything that this agent wrote is in the database. */
import { agentIdentity, type JobMetadata } from '@sophy/contracts/job-metadata';
import { type HandOver, releaseCall } from '@sophy/db/agent-lease';
import type { Database } from '@sophy/db/database';
import type { Logger } from '@sophy/telemetry/logger';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { AgentPresence } from './agent-presence.ts';
import { HandOverWatch } from './hand-over-watch.ts';

/** What was written last has so long to reach the database, ms. */
const flushMs = 1_000;

export type GivingUpOptions = {
  readonly database: Database;
  readonly job: JobMetadata;
  readonly journal: JournalWriter;
  readonly presence: AgentPresence;
  /** Nothing is going on in the room. */
  readonly isPause: () => boolean;
  /** Hears and says nothing any more. */
  readonly quit: () => Promise<void>;
  readonly onLeave: (reason: string) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly logger: Logger;
};

export class GivingUp {
  readonly #options: GivingUpOptions;
  #watch: HandOverWatch;

  constructor(options: GivingUpOptions) {
    this.#options = options;
    this.#watch = this.#newWatch();
  }

  /** What the latest heartbeat said of somebody who is to take the call over; null: nobody. */
  note(handOver: HandOver | null): void {
    this.#watch.note(handOver);
  }

  close(): void {
    this.#watch.close();
  }

  #newWatch(): HandOverWatch {
    const { isPause, now } = this.#options;
    return new HandOverWatch({
      now,
      isPause,
      onMoment: ({ successorEpoch, isForced }) => void this.#giveUp(successorEpoch, isForced),
    });
  }

  async #giveUp(successorEpoch: number, isForced: boolean): Promise<void> {
    const { database, job, journal, presence, quit, onLeave, logger } = this.#options;
    if ((await journal.flushed(flushMs)) > 0) {
      logger.warn('call not handed over yet: its journal is not in the database');
      this.#watch = this.#newWatch();
      return;
    }
    await quit();
    await journal.flushed(flushMs);
    const isReleased = await releaseCall(database, job).catch((error: unknown) => {
      logger.warn({ error }, 'call not released');
      return false;
    });
    if (isReleased) presence.handOver(agentIdentity({ callId: job.callId, epoch: successorEpoch }));
    await presence.idle();
    logger.info({ successorEpoch, isForced, isReleased }, 'call handed over');
    onLeave('handed over');
  }
}
