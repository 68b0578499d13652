/** Triggers in the database of a run: the order in which writes were accepted, and a supervisor held while it decides. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/**
 * An insert holds its call's row against a supervisor until it commits, and a supervisor that raises the epoch waits
 * for it; so the clock inside the triggers orders the two as they were accepted.
 */
const auditSql = `
CREATE TABLE chaos_writes (
  id bigserial PRIMARY KEY, accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL, call_id uuid NOT NULL, epoch integer NOT NULL, happened_at timestamptz
);
CREATE TABLE chaos_holds (call_id uuid PRIMARY KEY);

CREATE FUNCTION chaos_note_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chaos_writes (kind, call_id, epoch, happened_at) VALUES ('journal', NEW.call_id, NEW.epoch, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_note_event AFTER INSERT ON call_events FOR EACH ROW EXECUTE FUNCTION chaos_note_event();

CREATE FUNCTION chaos_note_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.call_id IS NOT NULL THEN
    INSERT INTO chaos_writes (kind, call_id, epoch, happened_at)
    VALUES ('chat', NEW.call_id, NEW.epoch, NEW.created_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_note_message AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION chaos_note_message();

CREATE FUNCTION chaos_note_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch > OLD.epoch THEN
    IF EXISTS (SELECT FROM chaos_holds WHERE call_id = NEW.id) THEN PERFORM pg_sleep(0.6); END IF;
    INSERT INTO chaos_writes (kind, call_id, epoch) VALUES ('epoch', NEW.id, NEW.epoch);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_note_epoch AFTER UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION chaos_note_epoch();
`;

/** To be called once, after the migrations. */
export async function installAudit(url: string): Promise<void> {
  await withClient(url, (client) => client.query(auditSql));
}

/** From now on, whoever raises the epoch of this call is held for 0.6 s inside its transaction. */
export async function holdDecisionsOn(url: string, callId: string): Promise<void> {
  await withClient(url, (client) =>
    client.query('INSERT INTO chaos_holds (call_id) VALUES ($1) ON CONFLICT DO NOTHING', [callId]),
  );
}

export type HeldDecision = {
  /** Name of the API replica that decides. */
  readonly replica: string;
  /** Server process of its connection. */
  readonly backendPid: number;
};

/** Waits until a replica is held and lets nobody else be; undefined when nobody decides in time. */
export async function catchHeldDecision(
  url: string,
  callId: string,
  timeoutMs: number,
): Promise<HeldDecision | undefined> {
  return withClient(url, async (client) => {
    const deadlineMs = performance.now() + timeoutMs;
    let held: HeldDecision | undefined;
    while (held === undefined && performance.now() < deadlineMs) {
      const { rows } = await client.query<{ pid: number; application_name: string }>(
        "SELECT pid, application_name FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
      );
      const [row] = rows;
      if (row !== undefined) held = { replica: row.application_name, backendPid: row.pid };
      else await sleep(10);
    }
    await client.query('DELETE FROM chaos_holds WHERE call_id = $1', [callId]);
    return held;
  });
}

/** Rolls back what a dead replica had under way. Without it, Postgres commits a single statement whose client is gone. */
export async function endBackend(url: string, backendPid: number): Promise<void> {
  await withClient(url, (client) => client.query('SELECT pg_terminate_backend($1)', [backendPid]));
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that is stopped on purpose ends connections; the query under way tells of it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
