/** Where a budget stands. */

export type BudgetState = 'open' | 'near' | 'spent';

/** Part of a budget from which on its operator is warned. */
const nearPart = 0.9;

/** Both in millionths of a dollar. A budget of 0 is none. */
export function budgetState(spentMicroUsd: number, budgetMicroUsd: number): BudgetState {
  if (budgetMicroUsd <= 0) return 'open';
  if (spentMicroUsd >= budgetMicroUsd) return 'spent';
  return spentMicroUsd >= budgetMicroUsd * nearPart ? 'near' : 'open';
}
