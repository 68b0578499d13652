/** Wrong passwords are counted per address: 10 in 30 minutes, then no more tries until the oldest is forgotten. */

const maxFailures = 10;
const windowMs = 30 * 60 * 1_000;
/** Bound on memory when many addresses guess at once. */
const maxAddresses = 10_000;

export type LoginThrottle = {
  /** How long this address has to wait, ms; 0: it may try. */
  waitMs(address: string, nowMs: number): number;
  recordFailure(address: string, nowMs: number): void;
  forget(address: string): void;
};

export function createLoginThrottle(): LoginThrottle {
  const failures = new Map<string, number[]>();
  const recent = (address: string, nowMs: number) =>
    (failures.get(address) ?? []).filter((atMs) => atMs > nowMs - windowMs);
  return {
    waitMs(address, nowMs) {
      const times = recent(address, nowMs);
      const oldest = times[0];
      return times.length < maxFailures || oldest === undefined ? 0 : oldest + windowMs - nowMs;
    },
    recordFailure(address, nowMs) {
      const times = [...recent(address, nowMs), nowMs].slice(-maxFailures);
      failures.delete(address);
      failures.set(address, times);
      const eldest = failures.keys().next();
      if (failures.size > maxAddresses && !eldest.done) failures.delete(eldest.value);
    },
    forget(address) {
      failures.delete(address);
    },
  };
}
