/** Sums of costs in which what is not known is counted, and never taken for nothing. */
import type { Cost } from './cost-of.ts';

/** Requests with a known cost, and how many there were besides. */
export type CostSum = { readonly knownMicroUsd: number; readonly unknownParts: number };

export const noCost: CostSum = { knownMicroUsd: 0, unknownParts: 0 };

export function withCost(sum: CostSum, cost: Cost): CostSum {
  return 'unknown' in cost
    ? { ...sum, unknownParts: sum.unknownParts + 1 }
    : { ...sum, knownMicroUsd: sum.knownMicroUsd + cost.microUsd };
}

export function addCosts(a: CostSum, b: CostSum): CostSum {
  return {
    knownMicroUsd: a.knownMicroUsd + b.knownMicroUsd,
    unknownParts: a.unknownParts + b.unknownParts,
  };
}
