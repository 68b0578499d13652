-- Calls that are placed on workers, queue for a slot, and are handed over.

-- Up Migration
ALTER TABLE calls
  -- Highest epoch given to any agent of the call; the next agent gets the one above.
  ADD COLUMN latest_epoch integer NOT NULL DEFAULT 1,
  -- Waiting for a slot since then.
  ADD COLUMN queued_since timestamptz,
  -- The worker has said that the job of this epoch is gone.
  ADD COLUMN agent_gone_at timestamptz,
  -- No agent has been in the room since then; null while one is.
  ADD COLUMN agentless_since timestamptz DEFAULT now(),
  -- The agent of this epoch wants to be relieved since then, and will not wait for a pause after `hand_over_by`.
  ADD COLUMN hand_over_since timestamptz,
  ADD COLUMN hand_over_by timestamptz,
  -- The agent said then that it sees people; null when it said that it sees none.
  ADD COLUMN humans_seen_at timestamptz,
  -- The agent that is to take over: in the room or on its way, silent.
  ADD COLUMN successor_epoch integer,
  ADD COLUMN successor_worker_id text,
  ADD COLUMN successor_sent_at timestamptz,
  ADD COLUMN successor_ready_at timestamptz,
  ADD CONSTRAINT calls_successor_is_whole CHECK (
    (successor_epoch IS NULL) = (successor_worker_id IS NULL)
    AND (successor_epoch IS NULL) = (successor_sent_at IS NULL)
    AND (successor_epoch IS NOT NULL OR successor_ready_at IS NULL)
  );
UPDATE calls SET latest_epoch = epoch, agentless_since = NULL;
ALTER TABLE calls
  ADD CONSTRAINT calls_epochs_grow CHECK (
    latest_epoch >= epoch AND (successor_epoch IS NULL OR successor_epoch BETWEEN epoch + 1 AND latest_epoch)
  );
CREATE INDEX calls_open_by_worker ON calls (worker_id) WHERE ended_at IS NULL;

-- The jobs that the worker has, `<call id>:<epoch>`: what really fills its slots.
ALTER TABLE workers
  ADD COLUMN jobs text[] NOT NULL DEFAULT '{}',
  -- Job processes that wait ready: a call that gets one begins at once.
  ADD COLUMN warm integer NOT NULL DEFAULT 0;

-- Down Migration
ALTER TABLE workers DROP COLUMN jobs, DROP COLUMN warm;
DROP INDEX calls_open_by_worker;
ALTER TABLE calls
  DROP CONSTRAINT calls_epochs_grow,
  DROP CONSTRAINT calls_successor_is_whole,
  DROP COLUMN latest_epoch,
  DROP COLUMN queued_since,
  DROP COLUMN agent_gone_at,
  DROP COLUMN agentless_since,
  DROP COLUMN hand_over_since,
  DROP COLUMN hand_over_by,
  DROP COLUMN humans_seen_at,
  DROP COLUMN successor_epoch,
  DROP COLUMN successor_worker_id,
  DROP COLUMN successor_sent_at,
  DROP COLUMN successor_ready_at;
