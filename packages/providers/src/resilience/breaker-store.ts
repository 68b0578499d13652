/** Where the states of breakers are: in this process, or shared by the fleet. */
import type { BreakerState } from './breaker.ts';

export type BreakerStore = {
  /** The state as this process knows it; never waits. */
  read(key: string): BreakerState;
  /** Applies `change` here at once, and to what the fleet shares as soon as it can be reached. */
  update(key: string, change: (state: BreakerState) => BreakerState): void;
  /** Whether this process is the one to probe now; false while another does. */
  claimProbe(key: string, forMs: number): Promise<boolean>;
  /** Calls back with the key of every breaker whose state has changed, here or elsewhere. Returns how to stop that. */
  onChange(listener: (key: string) => void): () => void;
  close(): Promise<void>;
};
