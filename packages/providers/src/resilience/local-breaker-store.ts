/** Breakers of one process: where there is no Redis, each call finds out for itself. */
import { type BreakerState, closedBreaker } from './breaker.ts';
import type { BreakerStore } from './breaker-store.ts';

export class LocalBreakerStore implements BreakerStore {
  readonly #states = new Map<string, BreakerState>();
  readonly #listeners = new Set<(key: string) => void>();

  read(key: string): BreakerState {
    return this.#states.get(key) ?? closedBreaker;
  }

  update(key: string, change: (state: BreakerState) => BreakerState): void {
    const before = this.read(key);
    const after = change(before);
    if (after === before) return;
    this.#states.set(key, after);
    for (const listener of this.#listeners) listener(key);
  }

  claimProbe(): Promise<boolean> {
    return Promise.resolve(true);
  }

  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }
}
