/**
 * The append-only file of one agent, written before anything counts as acknowledged: a line that `write` returned for
 * survives the process, and 200 ms later the machine. Never throws: a disk that fails is told once and tried again.
 */
import nodeFs from 'node:fs';
import { join } from 'node:path';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { Logger } from '@sophy/telemetry/logger';

/** How long a written line may be lost to a power cut, ms. */
const syncMs = 200;
/** How often a disk that failed is tried again, ms. */
const retryMs = 1_000;
/** A file whose lines are all in the database is emptied from this size on, bytes. */
const compactFromBytes = 1_000_000;

/** The calls of `node:fs` that a spool makes. */
export type SpoolFiles = Pick<
  typeof nodeFs,
  | 'mkdirSync'
  | 'openSync'
  | 'writeSync'
  | 'fstatSync'
  | 'ftruncateSync'
  | 'closeSync'
  | 'unlinkSync'
  | 'fdatasync'
>;

export type SpoolOptions = {
  readonly directory: string;
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  /** Every line that is not in the database yet, the newest included: what a file that is begun anew must hold. */
  readonly waiting: () => Iterable<string>;
  readonly onFailure: () => void;
  readonly logger: Logger;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly files?: SpoolFiles;
};

export function spoolFileName({ callId, epoch }: Pick<JobMetadata, 'callId' | 'epoch'>): string {
  return `${callId}-e${epoch}.spool`;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #files: SpoolFiles;
  readonly #path: string;
  #descriptor: number | undefined;
  /** Size up to which the file holds whole lines. */
  #bytes = 0;
  #failedMs: number | undefined;
  #isClosed = false;
  #syncTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeFs;
    this.#path = join(options.directory, spoolFileName(options.job));
  }

  /** Puts a line, one of those waiting, on the disk. */
  write(line: string): void {
    if (this.#isClosed) return;
    if (this.#failedMs !== undefined && this.#options.now() - this.#failedMs < retryMs) return;
    try {
      if (this.#descriptor === undefined) this.#begin();
      else this.#append(line);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#failedMs !== undefined) {
      this.#failedMs = undefined;
      this.#options.logger.info('spool is written again');
    }
    this.#syncTimer ??= setTimeout(() => this.#sync(), syncMs);
  }

  /** Everything written so far is in the database. */
  allStored(): void {
    if (this.#descriptor === undefined || this.#bytes < compactFromBytes) return;
    try {
      this.#files.ftruncateSync(this.#descriptor, 0);
      this.#bytes = 0;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Lets go of the file and leaves it to whoever adopts it. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#syncTimer);
    this.#release();
  }

  /** Lets go of the file and deletes it: its lines are in the database, or void. */
  remove(): void {
    const wasOpen = this.#descriptor !== undefined;
    this.close();
    if (!wasOpen && this.#failedMs === undefined) return;
    try {
      this.#files.unlinkSync(this.#path);
    } catch (error) {
      if (!isMissing(error)) this.#options.logger.warn({ error }, 'spool not deleted');
    }
  }

  #begin(): void {
    this.#files.mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 });
    this.#descriptor = this.#files.openSync(this.#path, 'a', 0o600);
    this.#bytes = this.#files.fstatSync(this.#descriptor).size;
    // Whatever the file ends with, a line of ours begins on a new one.
    this.#append(`${this.#bytes > 0 ? '\n' : ''}${[...this.#options.waiting()].join('')}`);
  }

  #append(text: string): void {
    if (this.#descriptor === undefined) return;
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length)
      written += this.#files.writeSync(this.#descriptor, bytes, written, bytes.length - written);
    this.#bytes += bytes.length;
  }

  #sync(): void {
    this.#syncTimer = undefined;
    const descriptor = this.#descriptor;
    if (descriptor === undefined || this.#isClosed) return;
    // Adopted while this agent lives, e.g. after a pause of its process: its lines need a file again.
    if (this.#isAdopted(descriptor)) {
      this.#release();
      this.write('');
      return;
    }
    this.#files.fdatasync(descriptor, (error) => {
      if (error !== null && !this.#isClosed) this.#fail(error);
    });
  }

  #isAdopted(descriptor: number): boolean {
    try {
      return this.#files.fstatSync(descriptor).nlink === 0;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    const isNew = this.#failedMs === undefined;
    this.#failedMs = this.#options.now();
    this.#options.onFailure();
    if (isNew)
      this.#options.logger.error({ error }, 'spool not written: what is said is kept in memory alone');
    this.#release();
  }

  /** Half a line at the end is taken off, where the disk lets us. */
  #release(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      if (this.#files.fstatSync(descriptor).size > this.#bytes)
        this.#files.ftruncateSync(descriptor, this.#bytes);
    } catch (error) {
      this.#options.logger.warn({ error }, 'spool may end with half a line');
    }
    try {
      this.#files.closeSync(descriptor);
    } catch (error) {
      this.#options.logger.warn({ error }, 'spool not closed');
    }
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
