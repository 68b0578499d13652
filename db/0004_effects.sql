-- Effects of tools: what the agents of a call have done, or are about to do, in the world outside.

-- Up Migration
CREATE TABLE effects (
  effect_id uuid PRIMARY KEY,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  -- Of the agent that answers for it now; writes of an agent that has been replaced are refused.
  epoch integer NOT NULL CHECK (epoch > 0),
  -- Of the agent whose model asked for it.
  proposed_epoch integer NOT NULL CHECK (proposed_epoch > 0),
  turn_id text NOT NULL,
  reply_id text NOT NULL,
  speaker text NOT NULL,
  tool text NOT NULL,
  arguments jsonb NOT NULL,
  -- The same wish of the same turn has the same key, also at the receiver.
  idempotency_key text NOT NULL UNIQUE,
  -- The receiver does it once however often it is asked with the same key.
  repeatable boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('armed', 'executing', 'executed', 'delivered', 'failed', 'uncertain')),
  result text,
  armed_at timestamptz NOT NULL DEFAULT now(),
  executing_at timestamptz,
  settled_at timestamptz,
  delivered_at timestamptz
);
CREATE INDEX effects_of_call ON effects (call_id);

-- Down Migration
DROP TABLE effects;
