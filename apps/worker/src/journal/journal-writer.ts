/**
 * Writes journal and chat as things happen, without the conversation ever waiting for the database.
 * In order, in batches, again and again while the database is away; a stale epoch ends it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { type MessageOfCall, recordMessage } from '@sophy/db/chats';
import type { Database } from '@sophy/db/database';
import { appendJournal } from '@sophy/db/journal';
import type { Logger } from '@sophy/telemetry/logger';

type JournalEntry = { readonly seq: number; readonly atMs: number; readonly event: JournalEvent };
export type JournalMessage = Omit<MessageOfCall, 'callId' | 'epoch' | 'roomName'>;

export type JournalWriterOptions = {
  readonly database: Database;
  readonly job: JobMetadata;
  readonly logger: Logger;
  /** Unix time, ms. */
  readonly unixMs: () => number;
  /** A newer agent has the call: this one must fall silent and leave. */
  readonly onStale: () => void;
};

const retryMs = { first: 250, most: 4_000 } as const;

export class JournalWriter {
  readonly #options: JournalWriterOptions;
  #entries: JournalEntry[] = [];
  #messages: JournalMessage[] = [];
  #seq = 0;
  #flushing: Promise<void> | undefined;
  #isStale = false;
  readonly #closing = new AbortController();

  constructor(options: JournalWriterOptions) {
    this.#options = options;
  }

  append(event: JournalEvent): void {
    if (this.#isStale) return;
    this.#seq += 1;
    this.#entries.push({ seq: this.#seq, atMs: this.#options.unixMs(), event });
    this.#flush();
  }

  /** Writes or updates (same item id) one message of the room's chat. */
  message(message: JournalMessage): void {
    if (this.#isStale) return;
    const waiting = this.#messages.findIndex((other) => other.itemId === message.itemId);
    if (waiting === -1) this.#messages.push(message);
    else this.#messages[waiting] = message;
    this.#flush();
  }

  /** Writes what is left, for at most `limitMs`. Returns how many entries could not be written. */
  async close(limitMs: number): Promise<number> {
    const limit = new AbortController();
    const deadline = sleep(limitMs, undefined, { signal: limit.signal }).then(
      () => true,
      () => true,
    );
    let isLate = false;
    while (this.#flushing !== undefined && !isLate)
      isLate = await Promise.race([this.#flushing.then(() => false), deadline]);
    limit.abort();
    this.#closing.abort();
    return this.#entries.length + this.#messages.length;
  }

  #flush(): void {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
      if (!this.#isStale && !this.#closing.signal.aborted && this.#entries.length + this.#messages.length > 0)
        this.#flush();
    });
  }

  async #write(): Promise<void> {
    let waitMs: number = retryMs.first;
    while (!this.#isStale && this.#entries.length + this.#messages.length > 0) {
      try {
        await this.#writeBatch();
        waitMs = retryMs.first;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#options.logger.warn(
          { error, waiting: this.#entries.length + this.#messages.length },
          'journal not written, trying again',
        );
        await sleep(waitMs);
        waitMs = Math.min(waitMs * 2, retryMs.most);
      }
    }
  }

  async #writeBatch(): Promise<void> {
    const { database, job } = this.#options;
    // A copy: more may be appended while these are on their way.
    const entries = [...this.#entries];
    if (entries.length > 0) {
      const result = await appendJournal(database, { callId: job.callId, epoch: job.epoch, entries });
      if (result === 'stale') return this.#goStale();
      this.#entries = this.#entries.slice(entries.length);
    }
    for (let message = this.#messages[0]; message !== undefined; message = this.#messages[0]) {
      const result = await recordMessage(database, { ...message, ...job });
      if ('stale' in result) return this.#goStale();
      if (this.#messages[0] === message) this.#messages.shift();
    }
  }

  #goStale(): void {
    this.#isStale = true;
    this.#entries = [];
    this.#messages = [];
    this.#options.onStale();
  }
}
