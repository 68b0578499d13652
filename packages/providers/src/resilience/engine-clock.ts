/** Time and chance of everything that waits for engines, so that tests decide about both. */
import { setTimeout as delay } from 'node:timers/promises';

export type EngineClock = {
  /** Monotonic, ms. */
  nowMs(): number;
  /** Unix time, ms: what processes that share a breaker agree on. */
  unixMs(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Rejects when the signal aborts. */
  sleep(waitMs: number, signal: AbortSignal): Promise<void>;
};

export const systemClock: EngineClock = {
  nowMs: () => performance.now(),
  unixMs: () => Date.now(),
  random: Math.random,
  sleep: (waitMs, signal) => delay(waitMs, undefined, { signal }),
};
