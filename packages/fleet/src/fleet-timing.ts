/** The waiting times of the call life cycle, in ms. */

export const fleetTiming = {
  /**
   * An agent of whom neither the room nor its worker has heard by then is replaced: the dispatch was lost. Workers tell
   * of a job as they accept it, some 50 ms after the dispatch. Four losses in a row take less than 10 s.
   */
  arrivalTimeoutMs: 2_000,
  /** The same for an agent whose worker says that its job is there: a busy machine starts it slowly, and its death would be told. */
  startingTimeoutMs: 20_000,
  /** An agent that was just seen has this long for its first heartbeat; afterwards each one renews the lease. */
  firstLeaseMs: 5_000,
  /** A heartbeat renews the lease of an agent for so long; it beats each second. */
  leaseMs: 3_000,
  /**
   * A successor that has not beaten for so long is replaced. Nobody waits for it, since the agent lives, and on a busy
   * machine each replacement makes the others later still.
   */
  successorSilenceMs: 10_000,
  /** First pause between two failed epochs; doubles up to the longest. The first replacement goes at once. */
  firstBackOffMs: 250,
  longestBackOffMs: 4_000,
  /** An agent that stayed this long wipes out earlier failures. */
  stableAfterMs: 10_000,
  /** A call ends when no human has been in its room for so long. LiveKit closes an empty room after the same time. */
  emptyGraceMs: 20_000,
  /** Time for workers to renew their leases after the database was away. */
  leaseGraceMs: 5_000,
} as const;

/** Pause before the next agent after `failures` failed ones in a row. */
export function backOffMs(failures: number): number {
  if (failures <= 1) return 0;
  return Math.min(fleetTiming.firstBackOffMs * 2 ** (failures - 2), fleetTiming.longestBackOffMs);
}

/** How long an agent may take to arrive. */
export function arrivalTimeoutMs(isStarting: boolean): number {
  return isStarting ? fleetTiming.startingTimeoutMs : fleetTiming.arrivalTimeoutMs;
}
