/**
 * The breaker of one engine and model: after failures it is open and no request of a caller goes there; only a probe
 * closes it again. Pure, so that every process of a fleet comes to the same state from the same events.
 */

export type BreakerRules = {
  /** So many failures in a row open it. */
  readonly consecutiveFailures: number;
};

export type BreakerState = {
  readonly consecutiveFailures: number;
  /** Of the last half minute, oldest first. */
  readonly outcomes: readonly { readonly atMs: number; readonly isSuccess: boolean }[];
  /** Unix time from which on a probe may go out, ms; undefined: the breaker is closed. */
  readonly probeAtMs: number | undefined;
  /** How often it opened, or stayed open after a probe, without having closed. */
  readonly openings: number;
};

/** `refused`: the service answers, but will not serve this account: one such answer is enough. */
export type BreakerFailure = 'outage' | 'refused';

export const closedBreaker: BreakerState = {
  consecutiveFailures: 0,
  outcomes: [],
  probeAtMs: undefined,
  openings: 0,
};

/** Share of failures that opens it, and of how many requests: opossum's and Hystrix' usual 50 % of ten. */
const openingShare = 0.5;
const fewestOutcomes = 10;
const windowMs = 30_000;
const mostOutcomes = 100;
/**
 * First wait before a probe, doubled to the most. The most is what an engine that is well again waits for its callers:
 * with a probe of up to 3 s it is back within 15 s.
 */
const probeWaitMs = { first: 3_000, most: 12_000 } as const;

export function isOpen(state: BreakerState): boolean {
  return state.probeAtMs !== undefined;
}

/** A request was answered. What ends well after the breaker opened began before: it does not close it. */
export function afterSuccess(state: BreakerState, atMs: number): BreakerState {
  if (isOpen(state)) return state;
  const outcomes = recent(state, atMs, true);
  // Nothing to weigh against it: successes alone need no counting.
  if (outcomes.every(({ isSuccess }) => isSuccess)) return closedBreaker;
  return { ...state, consecutiveFailures: 0, outcomes };
}

export function afterFailure(
  state: BreakerState,
  failure: BreakerFailure,
  atMs: number,
  rules: BreakerRules,
): BreakerState {
  if (isOpen(state)) return state;
  const counted = {
    ...state,
    consecutiveFailures: state.consecutiveFailures + 1,
    outcomes: recent(state, atMs, false),
  };
  const failures = counted.outcomes.filter(({ isSuccess }) => !isSuccess).length;
  const isMostlyFailing =
    counted.outcomes.length >= fewestOutcomes && failures / counted.outcomes.length >= openingShare;
  const opens =
    failure === 'refused' || counted.consecutiveFailures >= rules.consecutiveFailures || isMostlyFailing;
  return opens ? opened(counted, atMs) : counted;
}

/**
 * A probe came back: it closes the breaker, or keeps it open for longer. The wait counts from when it began: an engine
 * may be well again while a probe still hangs.
 */
export function afterProbe(state: BreakerState, isSuccess: boolean, startedMs: number): BreakerState {
  if (!isOpen(state)) return state;
  return isSuccess ? closedBreaker : opened(state, startedMs);
}

function opened(state: BreakerState, atMs: number): BreakerState {
  const waitMs = Math.min(probeWaitMs.first * 2 ** state.openings, probeWaitMs.most);
  return { ...state, outcomes: [], probeAtMs: atMs + waitMs, openings: state.openings + 1 };
}

function recent({ outcomes }: BreakerState, atMs: number, isSuccess: boolean): BreakerState['outcomes'] {
  const since = outcomes.filter((outcome) => outcome.atMs > atMs - windowMs);
  return [...since, { atMs, isSuccess }].slice(-mostOutcomes);
}
