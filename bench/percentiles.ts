/** Order statistics of a list of measurements. */

export type Summary = {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
};

/** Nearest-rank percentiles: every figure is one that was measured. Throws when there is none. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent: number): number => {
    const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
    if (value === undefined) throw new Error('nothing was measured');
    return value;
  };
  return { count: sorted.length, min: rank(0), p50: rank(50), p95: rank(95), max: rank(100) };
}
