/**
 * Breakers that all processes of a fleet share through Redis, so that an outage is found out once and not by every call.
 * Each process decides by its own copy and never waits; while Redis is away it is alone.
 */
import { Redis } from 'ioredis';
import { z } from 'zod';
import { type BreakerState, closedBreaker, isOpen } from './breaker.ts';
import type { BreakerStore } from './breaker-store.ts';

export type RedisBreakerStoreOptions = {
  readonly url: string;
  /** Redis failed, or is back: once for each outage. */
  readonly onReachable: (isReachable: boolean, error?: Error) => void;
};

const prefix = 'sophy:breaker:';
const channel = 'sophy:breakers';
/** What nobody has written to for so long is forgotten: the engine counts as well again, ms. */
const lifetimeMs = 120_000;
/** Two processes that write at once: the second applies its change to what the first made. */
const mostTries = 8;
/** A Redis that takes commands and answers none is as good as away, ms. */
const commandTimeoutMs = 1_000;

/** Replaces a value that is still as it was read, and tells everybody. */
const replaceScript = `
local known = redis.call('GET', KEYS[1])
if (known or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1`;

const stateSchema = z.object({
  consecutiveFailures: z.number(),
  outcomes: z.array(z.object({ atMs: z.number(), isSuccess: z.boolean() })),
  probeAtMs: z.number().optional(),
  openings: z.number(),
});
const newsSchema = z.object({ key: z.string(), state: stateSchema });

export class RedisBreakerStore implements BreakerStore {
  readonly #options: RedisBreakerStoreOptions;
  readonly #commands: Redis;
  readonly #news: Redis;
  readonly #states = new Map<string, BreakerState>();
  readonly #listeners = new Set<(key: string) => void>();
  readonly #work = new Set<Promise<void>>();
  /** Changes of one breaker are shared one after the other. */
  readonly #last = new Map<string, Promise<void>>();
  #isReachable = true;
  #isClosed = false;

  constructor(options: RedisBreakerStoreOptions) {
    this.#options = options;
    const settings = {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      autoResubscribe: false,
      commandTimeout: commandTimeoutMs,
    } as const;
    this.#commands = new Redis(options.url, settings);
    this.#news = new Redis(options.url, settings);
    for (const connection of [this.#commands, this.#news]) {
      connection.on('error', (error: Error) => this.#reachable(false, error));
    }
    this.#commands.on('ready', () => this.#returned());
    this.#news.on('message', (_channel: string, message: string) => this.#hear(message));
    // With each new connection, the first one may come late.
    this.#news.on('ready', () => this.#own(this.#news.subscribe(channel).then(() => undefined)));
  }

  read(key: string): BreakerState {
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    this.#states.set(key, closedBreaker);
    this.#own(this.#load(key));
    return closedBreaker;
  }

  update(key: string, change: (state: BreakerState) => BreakerState): void {
    this.#set(key, change(this.read(key)));
    const before = this.#last.get(key) ?? Promise.resolve();
    const sharing = before.then(() => this.#share(key, change));
    this.#last.set(
      key,
      sharing.catch(() => undefined),
    );
    this.#own(sharing);
  }

  async claimProbe(key: string, forMs: number): Promise<boolean> {
    try {
      return (await this.#commands.set(`${prefix}${key}:probe`, '1', 'PX', forMs, 'NX')) === 'OK';
    } catch (error) {
      // Alone, this process is the one to look.
      this.#reachable(false, error);
      return true;
    }
  }

  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#news.disconnect();
    this.#commands.disconnect();
    await Promise.all(this.#work);
  }

  async #load(key: string): Promise<void> {
    const text = await this.#commands.get(prefix + key);
    if (text !== null) this.#set(key, parseState(text));
  }

  async #share(key: string, change: (state: BreakerState) => BreakerState): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const text = (await this.#commands.get(prefix + key)) ?? '';
      const shared = text === '' ? closedBreaker : parseState(text);
      const state = change(shared);
      if (state === shared) {
        this.#set(key, shared);
        return;
      }
      const isReplaced = await this.#commands.eval(
        replaceScript,
        1,
        prefix + key,
        text,
        JSON.stringify(state),
        lifetimeMs,
        channel,
        JSON.stringify({ key, state }),
      );
      if (isReplaced === 1) {
        this.#set(key, state);
        return;
      }
    }
  }

  #hear(message: string): void {
    const news = newsSchema.safeParse(jsonOf(message));
    if (news.success) this.#set(news.data.key, toState(news.data.state));
  }

  /** What the others found out meanwhile counts again; to a Redis that has forgotten all this process tells it. */
  #returned(): void {
    this.#reachable(true);
    for (const [key, local] of this.#states)
      this.#own(
        isOpen(local)
          ? this.#share(key, (shared) => (shared === closedBreaker ? local : shared))
          : this.#load(key),
      );
  }

  #set(key: string, state: BreakerState): void {
    this.#states.set(key, state);
    for (const listener of this.#listeners) listener(key);
  }

  /** Keeps work so that `close` waits for it; a failure means that Redis is away. */
  #own(work: Promise<void>): void {
    const owned = work.then(
      () => {
        // The other connection may be back first.
        if (this.#commands.status === 'ready') this.#reachable(true);
      },
      (error: unknown) => this.#reachable(false, error),
    );
    this.#work.add(owned);
    void owned.then(() => this.#work.delete(owned));
  }

  #reachable(isReachable: boolean, error?: unknown): void {
    if (this.#isClosed || isReachable === this.#isReachable) return;
    this.#isReachable = isReachable;
    this.#options.onReachable(isReachable, error instanceof Error ? error : undefined);
  }
}

/** What another version of this program wrote is as good as nothing. */
function parseState(text: string): BreakerState {
  const state = stateSchema.safeParse(jsonOf(text));
  return state.success ? toState(state.data) : closedBreaker;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toState({ probeAtMs, ...state }: z.infer<typeof stateSchema>): BreakerState {
  return { ...state, probeAtMs };
}
