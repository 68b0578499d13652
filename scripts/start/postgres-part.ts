/** The embedded database as a part of the product: started, started again when it dies, stopped last. */
import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@sophy/db/embedded-postgres';
import type { RotatingLog } from './rotating-log.ts';
import type { Part } from './running-parts.ts';
import { messageOf, Trouble } from './trouble.ts';

export type PostgresPartOptions = {
  readonly dataDirectory: string;
  readonly log: RotatingLog;
  say(line: string): void;
};

const restartBackOffMs = 1_000;

export class PostgresPart implements Part {
  readonly #options: PostgresPartOptions;
  readonly #stopping = new AbortController();
  #running: Promise<EmbeddedPostgres> | undefined;
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: PostgresPartOptions) {
    this.#options = options;
  }

  /** Address with its password, once it takes connections. */
  async start(port: number): Promise<string> {
    this.#stopping.signal.throwIfAborted();
    try {
      return (await this.#launch(port)).url;
    } catch (cause) {
      throw new Trouble(messageOf(cause), { cause });
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    // A start that failed has nothing to stop, and has been told already.
    const running = await this.#running?.catch(() => undefined);
    await running?.stop();
  }

  /** The database is never killed: its fast shutdown, which `stop` does, cuts every client and takes a moment. */
  kill(): void {
    this.#stopping.abort();
  }

  #launch(port: number): Promise<EmbeddedPostgres> {
    const { dataDirectory, log } = this.#options;
    this.#running = startEmbeddedPostgres({
      dataDirectory,
      port,
      onLog: (line) => log.writeLine(line),
      onUnexpectedExit: ({ code, signal }) => {
        this.#restarting = this.#restart(port, signal ?? `code ${code}`);
      },
    });
    return this.#running;
  }

  async #restart(port: number, how: string): Promise<void> {
    let cause = `ended with ${how}`;
    while (!this.#stopping.signal.aborted) {
      this.#options.say(
        `postgres ${cause}; starting it again in ${restartBackOffMs / 1000} s (log: ${this.#options.log.file})`,
      );
      try {
        await delay(restartBackOffMs, undefined, { signal: this.#stopping.signal });
        await this.#launch(port);
        this.#options.say('postgres is back');
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        cause = `did not start: ${messageOf(error)}`;
      }
    }
  }
}
