-- Calls with their epoch and lease, the journal of each call, and the workers of the fleet.

-- Up Migration
CREATE TABLE calls (
  id uuid PRIMARY KEY,
  room_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'dispatched', 'live', 'ended')),
  -- Writes of an agent with a lower epoch are refused.
  epoch integer NOT NULL CHECK (epoch > 0),
  -- Grows with every decision, so that a decision made on an older reading is not saved.
  revision integer NOT NULL DEFAULT 0,
  worker_id text,
  lease_until timestamptz,
  dispatched_at timestamptz,
  agent_seen_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  empty_since timestamptz,
  -- When a supervisor last took this call up; one of them does so each second. In no index, so that writing it is cheap.
  checked_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  end_reason text,
  CONSTRAINT calls_ended_have_time_and_reason CHECK (
    (state = 'ended') = (ended_at IS NOT NULL) AND (state = 'ended') = (end_reason IS NOT NULL)
  )
);
CREATE UNIQUE INDEX calls_one_open_per_room ON calls (room_name) WHERE ended_at IS NULL;

CREATE TABLE call_events (
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  epoch integer NOT NULL,
  -- Counted by the agent of that epoch, so that writing an entry again changes nothing.
  seq integer NOT NULL,
  -- When it happened, by the worker's clock.
  at timestamptz NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  PRIMARY KEY (call_id, epoch, seq)
);
CREATE INDEX call_events_timings ON call_events (at DESC) WHERE type = 'timing';

CREATE TABLE workers (
  id text PRIMARY KEY,
  version text NOT NULL,
  slots integer NOT NULL,
  active integer NOT NULL,
  state text NOT NULL CHECK (state IN ('starting', 'ready', 'draining', 'stopped')),
  last_heartbeat timestamptz NOT NULL DEFAULT now(),
  metrics_url text
);

-- Down Migration
DROP TABLE workers;
DROP TABLE call_events;
DROP TABLE calls;
