/** The operator's own prices of engines (`PRICES_FILE`): read and checked once at the start. */
import { readFileSync } from 'node:fs';
import type { EnvironmentProblem } from '@sophy/contracts/environment';
import { type PriceTable, priceTableSchema } from '@sophy/contracts/price-table';

export type PricesFile = {
  /** Undefined where the file has problems. */
  readonly table: PriceTable | undefined;
  readonly problems: readonly EnvironmentProblem[];
};

/** Never throws: every problem comes back at once. */
export function readPricesFile(path: string): PricesFile {
  const problem = (message: string): EnvironmentProblem => ({ variable: 'PRICES_FILE', message });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { table: undefined, problems: [problem(`${path} cannot be read: ${cause}`)] };
  }
  const parsed = priceTableSchema.safeParse(value);
  if (parsed.success) return { table: parsed.data, problems: [] };
  return {
    table: undefined,
    problems: parsed.error.issues.map((issue) =>
      problem(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`),
    ),
  };
}
