/** The workers of the fleet, as they report themselves. */
import { type WorkerId, workerIdSchema } from '@sophy/contracts/ids';
import { sql } from 'kysely';
import type { WorkerState } from './call-tables.ts';
import type { Database } from './database.ts';

export type WorkerReport = {
  readonly id: WorkerId;
  readonly version: string;
  /** Calls that it may hold. */
  readonly slots: number;
  /** Its jobs, `<call id>:<epoch>` each: what fills its slots. */
  readonly jobs: readonly string[];
  /** Job processes that wait ready. */
  readonly warm?: number;
  readonly state: WorkerState;
  readonly metricsUrl: string | null;
};

export type WorkerRecord = Omit<WorkerReport, 'jobs' | 'warm'> & {
  /** Calls that it holds. */
  readonly active: number;
  readonly lastHeartbeat: Date;
  /** Since the last heartbeat, by the database's clock. */
  readonly silentMs: number;
};

/** Adds the worker or refreshes what is known of it. */
export async function heartbeatWorker(database: Database, report: WorkerReport): Promise<void> {
  const row = {
    version: report.version,
    slots: report.slots,
    active: report.jobs.length,
    jobs: [...report.jobs],
    warm: report.warm ?? 0,
    state: report.state,
    last_heartbeat: sql<Date>`now()`,
    metrics_url: report.metricsUrl,
  };
  await database.kysely
    .insertInto('workers')
    .values({ id: report.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Every worker that has reported within `withinMs`, in order of id. */
export async function listWorkers(database: Database, withinMs: number): Promise<WorkerRecord[]> {
  const rows = await database.kysely
    .selectFrom('workers')
    .selectAll()
    .select(sql<number>`extract(epoch FROM now() - last_heartbeat)::float8 * 1000`.as('silent_ms'))
    .where('last_heartbeat', '>', sql<Date>`now() - ${withinMs} * interval '1 millisecond'`)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: workerIdSchema.parse(row.id),
    version: row.version,
    slots: row.slots,
    active: row.active,
    state: row.state,
    metricsUrl: row.metrics_url,
    lastHeartbeat: row.last_heartbeat,
    silentMs: row.silent_ms,
  }));
}

/** Removes workers that have been silent for longer; returns how many. */
export async function forgetWorkers(database: Database, silentForMs: number): Promise<number> {
  const result = await database.kysely
    .deleteFrom('workers')
    .where('last_heartbeat', '<', sql<Date>`now() - ${silentForMs} * interval '1 millisecond'`)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
