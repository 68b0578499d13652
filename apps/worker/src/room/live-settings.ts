/** The settings of a call as they are now: read once, then again at each change; the last good ones stay when reading fails. */
import type { Settings } from '@sophy/contracts/settings';
import type { Database } from '@sophy/db/database';
import { readSettings, watchSettings } from '@sophy/db/settings';
import type { Logger } from '@sophy/telemetry/logger';

export type SettingsSnapshot = { readonly settings: Settings; readonly version: number };

export type LiveSettingsOptions = {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly base: Settings;
  readonly secretsKey: Buffer;
  readonly logger: Logger;
  readonly onChange: (snapshot: SettingsSnapshot) => void;
};

export class LiveSettings {
  readonly #options: LiveSettingsOptions;
  readonly #stop = new AbortController();
  #current: SettingsSnapshot;
  #watching: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: LiveSettingsOptions) {
    this.#options = options;
    this.#current = { settings: options.base, version: 0 };
  }

  get current(): SettingsSnapshot {
    return this.#current;
  }

  /** Resolves after the first reading, successful or not. */
  async start(): Promise<void> {
    await this.#read();
    const { databaseUrl, logger } = this.#options;
    this.#watching = watchSettings({
      url: databaseUrl,
      onChange: () => {
        this.#reading = this.#reading.then(() => this.#read());
      },
      onError: (error) => logger.warn({ error }, 'settings are not watched, trying again'),
      signal: this.#stop.signal,
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { database, base, secretsKey, logger, onChange } = this.#options;
    try {
      const { settings, version } = await readSettings(database, base, secretsKey);
      const isNew = version !== this.#current.version;
      this.#current = { settings, version };
      if (isNew) onChange(this.#current);
    } catch (error) {
      logger.warn({ error }, 'settings not read, the last ones stay');
    }
  }
}
