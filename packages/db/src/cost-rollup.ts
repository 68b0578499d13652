/** Journal entries on their way into the database: what they say of cost goes into the totals of its day with them. */
import { type RawBuilder, sql } from 'kysely';

/**
 * Two steps of a WITH: `written` inserts what `entries` selects (call_id, epoch, seq, at, type, payload) and skips what
 * is there already; `summed` adds the usage among what was really inserted to the totals of its day. One statement, so
 * neither is ever there without the other.
 */
export function writeEntries(entries: RawBuilder<unknown>): RawBuilder<unknown> {
  // Rows of a day are locked in one order: agents that write at the same moment wait for each other in no circle.
  return sql`
    written AS (
      INSERT INTO call_events (call_id, epoch, seq, at, type, payload)
      ${entries}
      ON CONFLICT DO NOTHING
      RETURNING at, type, payload
    ), summed AS (
      INSERT INTO engine_usage_daily AS daily (day, stage, engine, model, requests, known_micro_usd, unknown_parts)
      SELECT (at AT TIME ZONE 'UTC')::date, payload ->> 'stage', payload ->> 'engine', payload ->> 'model', count(*),
        coalesce(sum((payload ->> 'costMicroUsd')::bigint), 0),
        count(*) FILTER (WHERE payload ->> 'costMicroUsd' IS NULL)
      FROM written
      WHERE type = 'usage'
      GROUP BY 1, 2, 3, 4
      ORDER BY 1, 2, 3, 4
      ON CONFLICT (day, stage, engine, model) DO UPDATE SET
        requests = daily.requests + excluded.requests,
        known_micro_usd = daily.known_micro_usd + excluded.known_micro_usd,
        unknown_parts = daily.unknown_parts + excluded.unknown_parts
    )`;
}
