/** The waiting times of the call life cycle, in ms. */

export const fleetTiming = {
  /** An agent that has not arrived by then is replaced. Arrival takes 0.4 s from a warm worker. */
  arrivalTimeoutMs: 3_000,
  /** The same after a failure: a cold worker on a busy machine needs longer, and must not be chased away forever. */
  laterArrivalTimeoutMs: 6_000,
  /** The same for an agent whose worker says that its job is there: it would also say if that job died. */
  startingTimeoutMs: 20_000,
  /** An agent that was just seen has this long for its first heartbeat; afterwards each one renews the lease. */
  firstLeaseMs: 5_000,
  /** A heartbeat renews the lease of an agent for so long; it beats each second. */
  leaseMs: 3_000,
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

/** How long an agent may take to arrive after `failures` failed ones in a row. */
export function arrivalTimeoutMs(failures: number, isStarting = false): number {
  if (isStarting) return fleetTiming.startingTimeoutMs;
  return failures === 0 ? fleetTiming.arrivalTimeoutMs : fleetTiming.laterArrivalTimeoutMs;
}
