/** Tables of 0002 and 0003: calls, their journal, and workers. */
import type { CallState } from '@sophy/fleet/call-record';
import type { ColumnType, Generated } from 'kysely';

type CallsTable = {
  id: string;
  room_name: string;
  state: CallState;
  epoch: number;
  latest_epoch: Generated<number>;
  revision: Generated<number>;
  worker_id: string | null;
  lease_until: Date | null;
  dispatched_at: Date | null;
  agent_seen_at: Date | null;
  agent_gone_at: Date | null;
  agentless_since: Generated<Date | null>;
  failures: Generated<number>;
  retry_at: Date | null;
  queued_since: Date | null;
  hand_over_since: Date | null;
  hand_over_by: Date | null;
  humans_seen_at: Date | null;
  successor_epoch: number | null;
  successor_worker_id: string | null;
  successor_sent_at: Date | null;
  successor_ready_at: Date | null;
  empty_since: Date | null;
  checked_at: Generated<Date>;
  started_at: Generated<Date>;
  ended_at: Date | null;
  end_reason: string | null;
};

type CallEventsTable = {
  call_id: string;
  epoch: number;
  seq: number;
  at: Date;
  type: string;
  /** JSON text going in, the parsed value coming out. */
  payload: ColumnType<unknown, string, string>;
};

export type WorkerState = 'starting' | 'ready' | 'draining' | 'stopped';

type WorkersTable = {
  id: string;
  version: string;
  slots: number;
  active: number;
  state: WorkerState;
  last_heartbeat: Generated<Date>;
  metrics_url: string | null;
  jobs: Generated<string[]>;
  warm: Generated<number>;
};

export type CallTables = { calls: CallsTable; call_events: CallEventsTable; workers: WorkersTable };
