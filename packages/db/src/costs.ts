/** What calls and days have cost, as the journal has it. Money in millionths of a dollar. */
import { type EngineStage, engineStages } from '@sophy/contracts/engine-usage';
import type { CallId } from '@sophy/contracts/ids';
import { addCosts, type CostSum, noCost } from '@sophy/conversation/cost/cost-sum';
import { sql } from 'kysely';
import type { Database } from './database.ts';

export type CallCosts = {
  readonly total: CostSum;
  readonly byStage: Readonly<Record<EngineStage, CostSum>>;
  /** Price table of the latest request; undefined: no engine was asked. */
  readonly priceVersion: string | undefined;
};

export const noCallCosts: CallCosts = {
  total: noCost,
  byStage: { stt: noCost, llm: noCost, tts: noCost },
  priceVersion: undefined,
};

/** Costs of the calls that have any, in one query. */
export async function readCallCosts(
  database: Database,
  callIds: readonly CallId[],
): Promise<ReadonlyMap<CallId, CallCosts>> {
  if (callIds.length === 0) return new Map();
  const { rows } = await sql<{
    call_id: CallId;
    stage: string;
    known_micro_usd: string;
    unknown_parts: string;
    price_version: string;
  }>`
    SELECT call_id, payload ->> 'stage' AS stage,
      coalesce(sum((payload ->> 'costMicroUsd')::bigint), 0)::text AS known_micro_usd,
      (count(*) FILTER (WHERE payload ->> 'costMicroUsd' IS NULL))::text AS unknown_parts,
      (array_agg(payload ->> 'priceVersion' ORDER BY epoch DESC, seq DESC))[1] AS price_version
    FROM call_events
    WHERE type = 'usage' AND call_id = ANY(${callIds}::uuid[])
    GROUP BY call_id, 2
    ORDER BY call_id, max(ARRAY[epoch, seq])
  `.execute(database.kysely);
  const costs = new Map<CallId, CallCosts>();
  for (const row of rows) {
    const stage = engineStages.find((known) => known === row.stage);
    if (stage === undefined) continue;
    const { total, byStage } = costs.get(row.call_id) ?? noCallCosts;
    const sum = sumOf(row);
    costs.set(row.call_id, {
      total: addCosts(total, sum),
      byStage: { ...byStage, [stage]: sum },
      priceVersion: row.price_version,
    });
  }
  return costs;
}

/** What the agents before an epoch have spent in a call. */
export async function readCostBefore(
  database: Database,
  { callId, epoch }: { readonly callId: CallId; readonly epoch: number },
): Promise<CostSum> {
  const { rows } = await sql<SumRow>`
    SELECT coalesce(sum((payload ->> 'costMicroUsd')::bigint), 0)::text AS known_micro_usd,
      (count(*) FILTER (WHERE payload ->> 'costMicroUsd' IS NULL))::text AS unknown_parts
    FROM call_events
    WHERE type = 'usage' AND call_id = ${callId} AND epoch < ${epoch}
  `.execute(database.kysely);
  return rows[0] === undefined ? noCost : sumOf(rows[0]);
}

/** What all calls have cost on the day (UTC) of a moment, as far as it is in the database. */
export async function readDayCost(database: Database, unixMs: number): Promise<CostSum> {
  const { rows } = await sql<SumRow>`
    SELECT coalesce(sum(known_micro_usd), 0)::text AS known_micro_usd,
      coalesce(sum(unknown_parts), 0)::text AS unknown_parts
    FROM engine_usage_daily
    WHERE day = ${new Date(unixMs).toISOString().slice(0, 10)}::date
  `.execute(database.kysely);
  return rows[0] === undefined ? noCost : sumOf(rows[0]);
}

/** Sums, which `pg` gives as text. */
type SumRow = { readonly known_micro_usd: string; readonly unknown_parts: string };

function sumOf({ known_micro_usd, unknown_parts }: SumRow): CostSum {
  return { knownMicroUsd: Number(known_micro_usd), unknownParts: Number(unknown_parts) };
}
