-- What engines cost: totals of a day over all calls, and usage found by call.

-- Up Migration
-- Summed in the statement that writes the journal, so that each entry is in it once. Stays when calls are deleted.
CREATE TABLE engine_usage_daily (
  -- Of the moment of use, in UTC.
  day date NOT NULL,
  stage text NOT NULL,
  engine text NOT NULL,
  model text NOT NULL,
  requests bigint NOT NULL,
  -- Millionths of a dollar, of the requests whose cost is known.
  known_micro_usd bigint NOT NULL,
  -- Requests whose cost is not known.
  unknown_parts bigint NOT NULL,
  PRIMARY KEY (day, stage, engine, model)
);
CREATE INDEX call_events_usage ON call_events (call_id) WHERE type = 'usage';

-- Down Migration
DROP INDEX call_events_usage;
DROP TABLE engine_usage_daily;
