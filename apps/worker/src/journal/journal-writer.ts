/**
 * Writes journal and chat as things happen, without the conversation ever waiting for the database: into the spool at
 * once, then into Postgres in order, in batches, again and again while it is away; a stale epoch ends it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { Database } from '@sophy/db/database';
import { appendJournal } from '@sophy/db/journal';
import { recordMessages, type SaidMessage } from '@sophy/db/record-messages';
import type { Logger } from '@sophy/telemetry/logger';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import { JournalBacklog } from './journal-backlog.ts';
import { Spool, type SpoolFiles } from './spool.ts';
import { encodeSpoolLine } from './spool-record.ts';

export type JournalWriterOptions = {
  readonly database: Database;
  readonly job: JobMetadata;
  /** Where the spool of this agent is kept. */
  readonly spoolDirectory: string;
  readonly metrics: Pick<
    WorkerMetrics,
    'spoolFailures' | 'staleWrites' | 'journalBacklog' | 'journalDropped'
  >;
  readonly logger: Logger;
  /** Unix time, ms. */
  readonly unixMs: () => number;
  /** A newer agent has the call: this one must fall silent and leave. */
  readonly onStale: () => void;
  readonly files?: SpoolFiles;
  /** What the memory of a call may hold, bytes; 10 MB when not given. */
  readonly mostBytes?: number;
};

/** Half a minute is promised from the database's return to everything being in it. */
const retryMs = { first: 250, most: 4_000 } as const;
/** Entries of one statement, messages of another. */
const batchSize = 200;

export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #backlog: JournalBacklog;
  readonly #spool: Spool;
  #seq = 0;
  #flushing: Promise<void> | undefined;
  #isStale = false;
  /** One, while something is sought that the database refuses. */
  #batchSize: number = batchSize;
  #writing: 'entries' | 'messages' = 'entries';
  readonly #closing = new AbortController();

  constructor(options: JournalWriterOptions) {
    const { spoolDirectory, job, logger, metrics, files, mostBytes } = options;
    const backlog = new JournalBacklog(mostBytes === undefined ? {} : { mostBytes });
    this.#options = options;
    this.#backlog = backlog;
    this.#spool = new Spool({
      directory: spoolDirectory,
      job,
      *waiting() {
        for (const record of backlog.values()) yield encodeSpoolLine(record);
      },
      onFailure: () => metrics.spoolFailures.inc(),
      logger,
      now: () => performance.now(),
      ...(files === undefined ? {} : { files }),
    });
  }

  /** Acknowledged when it returns: on the disk, or, where that fails, in memory. */
  append(event: JournalEvent): void {
    if (this.#isStale) return;
    this.#seq += 1;
    const entry = { seq: this.#seq, atMs: this.#options.unixMs(), event };
    const line = encodeSpoolLine({ entry });
    this.#backlog.addEntry(entry, line.length);
    this.#keep(line);
  }

  /** Writes or updates (same item id) one message of the room's chat. */
  message(message: SaidMessage): void {
    if (this.#isStale) return;
    const line = encodeSpoolLine({ message });
    this.#backlog.addMessage(message, line.length);
    this.#keep(line);
  }

  /** Waits until everything is in the database, for at most `limitMs`. Returns how much is not. */
  async flushed(limitMs: number): Promise<number> {
    const limit = new AbortController();
    const deadline = sleep(limitMs, true, { signal: limit.signal }).catch(() => true);
    let isLate = false;
    while (this.#flushing !== undefined && !isLate)
      isLate = await Promise.race([this.#flushing.then(() => false), deadline]);
    limit.abort();
    return this.#backlog.size;
  }

  /**
   * Writes what is left, for at most `limitMs`. Returns how much could not be written; it stays in the spool, for
   * whoever adopts it.
   */
  async close(limitMs: number): Promise<number> {
    const unwritten = await this.flushed(limitMs);
    this.#closing.abort();
    this.#options.metrics.journalBacklog.set(0);
    if (this.#isStale || (unwritten === 0 && !this.#backlog.hasDropped)) this.#spool.remove();
    else this.#spool.close();
    return unwritten;
  }

  #keep(line: string): void {
    const { metrics } = this.#options;
    this.#spool.write(line);
    metrics.journalDropped.inc(this.#backlog.takeDropped());
    metrics.journalBacklog.set(this.#backlog.size);
    this.#flush();
  }

  #flush(): void {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
      if (!this.#isStale && !this.#closing.signal.aborted && this.#backlog.size > 0) this.#flush();
    });
  }

  async #write(): Promise<void> {
    let waitMs: number = retryMs.first;
    let isAway = false;
    while (!this.#isStale && this.#backlog.size > 0) {
      try {
        await this.#writeBatch();
        if (isAway) this.#options.logger.info({ waiting: this.#backlog.size }, 'journal is written again');
        isAway = false;
        waitMs = retryMs.first;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (isRefusal(error)) {
          this.#narrow(error);
          continue;
        }
        if (!isAway)
          this.#options.logger.warn(
            { error, waiting: this.#backlog.size },
            'journal not written, trying again',
          );
        isAway = true;
        await sleep(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, retryMs.most);
      }
    }
  }

  async #writeBatch(): Promise<void> {
    const { database, job, metrics } = this.#options;
    this.#writing = 'entries';
    const entries = this.#backlog.firstEntries(this.#batchSize);
    if (entries.length > 0) {
      const result = await appendJournal(database, { callId: job.callId, epoch: job.epoch, entries });
      if (result === 'stale') return this.#goStale('journal');
      this.#backlog.storedEntries(entries);
    }
    this.#writing = 'messages';
    const messages = this.#backlog.firstMessages(this.#batchSize);
    if (messages.length > 0) {
      const result = await recordMessages(database, { ...job, messages });
      if ('stale' in result) return this.#goStale('chat');
      this.#backlog.storedMessages(messages);
    }
    metrics.journalBacklog.set(this.#backlog.size);
    if (this.#backlog.size === 0 && !this.#backlog.hasDropped) this.#spool.allStored();
  }

  /** One entry that the database will never take must not hold up all others. */
  #narrow(error: unknown): void {
    if (this.#batchSize > 1) {
      this.#batchSize = 1;
      return;
    }
    this.#batchSize = batchSize;
    if (this.#writing === 'entries') this.#backlog.storedEntries(this.#backlog.firstEntries(1));
    else this.#backlog.storedMessages(this.#backlog.firstMessages(1));
    this.#options.metrics.journalDropped.inc();
    this.#options.logger.error(
      { error, kind: this.#writing },
      'the database refuses what is in this entry: it is left out',
    );
  }

  #goStale(kind: 'journal' | 'chat'): void {
    this.#options.metrics.staleWrites.inc({ kind });
    this.#isStale = true;
    this.#backlog.clear();
    // Deleted at once: nobody must adopt what a stale agent went on to write.
    this.#spool.remove();
    this.#options.onStale();
  }
}

/** Data that Postgres does not take (class 22) or that breaks a rule of a table (class 23): trying again is of no use. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^2[23]...$/.test(error.code)
  );
}
