/** Writes effects into the table for the agent of one call: what must be there first is awaited, outcomes are tried until they are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { Effect } from '@sophy/conversation/effect';
import type { Database } from '@sophy/db/database';
import { armEffect, beginEffect, settleEffect, takeEffects } from '@sophy/db/effects';
import type { Logger } from '@sophy/telemetry/logger';

export type EffectStoreOptions = {
  readonly database: Database;
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  readonly logger: Logger;
};

const retryMs = { first: 100, most: 2_000 } as const;

export class EffectStore {
  readonly #options: EffectStoreOptions;
  readonly #closing = new AbortController();
  readonly #outcomes: Effect[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: EffectStoreOptions) {
    this.#options = options;
  }

  async arm(effect: Effect): Promise<'stored' | 'stale' | 'unavailable'> {
    const { database, job } = this.#options;
    return this.#try(() => armEffect(database, job, effect), effect);
  }

  async begin({ effectId, ...effect }: Effect): Promise<'stored' | 'stale' | 'unavailable'> {
    const { database, job } = this.#options;
    return this.#try(() => beginEffect(database, job, effectId), { effectId, ...effect });
  }

  /** In order; nobody waits for it. */
  settle(effect: Effect): void {
    this.#outcomes.push(effect);
    this.#write();
  }

  /** What the agents before have left, with the word that a confirmation or announcement is behind it. */
  async take(): Promise<readonly Effect[]> {
    const { database, job, logger } = this.#options;
    for (let waitMs: number = retryMs.first; ; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        const rows = await takeEffects(database, job);
        if (rows === 'stale') return [];
        return rows.map((row) => ({
          ...row,
          gate: 'started',
          attempts: 0,
          askedAtMs: undefined,
          confirmedBy: undefined,
          toldIn: undefined,
        }));
      } catch (error) {
        if (this.#closing.signal.aborted) return [];
        logger.warn({ error }, 'effects of the agent before not read, trying again');
        await this.#pause(waitMs);
      }
    }
  }

  /** Writes what is left, for at most `limitMs`. Returns how many outcomes could not be written. */
  async close(limitMs: number): Promise<number> {
    const limit = new AbortController();
    const isOver = sleep(limitMs, true, { signal: limit.signal }).catch(() => true);
    while (this.#writing !== undefined)
      if (await Promise.race([this.#writing.then(() => false), isOver])) break;
    limit.abort();
    this.#closing.abort();
    return this.#outcomes.length;
  }

  async #try(
    store: () => Promise<'stored' | 'stale'>,
    { effectId, tool }: Effect,
  ): Promise<'stored' | 'stale' | 'unavailable'> {
    try {
      return await store();
    } catch (error) {
      this.#options.logger.warn({ error, effectId, tool }, 'effect not stored, so it is not executed');
      return 'unavailable';
    }
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#outcomes.length > 0 && !this.#closing.signal.aborted) this.#write();
    });
  }

  async #writeAll(): Promise<void> {
    const { database, job, logger } = this.#options;
    let waitMs: number = retryMs.first;
    for (let effect = this.#outcomes[0]; effect !== undefined; effect = this.#outcomes[0]) {
      const { effectId, tool, state, result } = effect;
      try {
        const isOutcome =
          state === 'executed' || state === 'delivered' || state === 'failed' || state === 'uncertain';
        if (isOutcome && (await settleEffect(database, job, { effectId, state, result })) === 'stale')
          logger.warn({ effectId, tool, state }, 'outcome not stored: a newer agent has the effect');
        this.#outcomes.shift();
        waitMs = retryMs.first;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        logger.warn({ error, effectId, tool, state }, 'outcome not stored, trying again');
        await this.#pause(waitMs);
        waitMs = Math.min(waitMs * 2, retryMs.most);
      }
    }
  }

  async #pause(waitMs: number): Promise<void> {
    try {
      await sleep(waitMs, undefined, { signal: this.#closing.signal });
    } catch {
      // Closing ends the pause early, and the loop with it.
    }
  }
}
