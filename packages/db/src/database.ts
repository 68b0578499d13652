/** The database as typed queries see it: every table, one pool, one Kysely instance over it. */
import { type ColumnType, type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { CallTables } from './call-tables.ts';
import type { EffectsTable } from './effects.ts';

type SettingsTable = {
  key: string;
  /** JSON text going in, the parsed value coming out; null where the setting is sealed. */
  value: ColumnType<unknown, string | null, string | null>;
  sealed: string | null;
  updated_at: Generated<Date>;
};

type SettingsVersionTable = { singleton: Generated<boolean>; version: number };

type ChatsTable = {
  id: Generated<string>;
  title: string;
  room_name: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  message_count: Generated<number>;
};

export type MessageRole = 'user' | 'assistant' | 'system';

type MessagesTable = {
  /** bigint, which `pg` gives as text. */
  id: Generated<string>;
  chat_id: string;
  call_id: string | null;
  item_id: string | null;
  epoch: number | null;
  role: MessageRole;
  content: string;
  speaker: string | null;
  speaker_identity: string | null;
  interrupted: Generated<boolean>;
  created_at: Generated<Date>;
};

type SeatsTable = {
  room_name: string;
  name_key: string;
  identity: string;
  seat_key_hash: Buffer;
  expires_at: Date;
};

export type Tables = CallTables & {
  effects: EffectsTable;
  settings: SettingsTable;
  settings_version: SettingsVersionTable;
  chats: ChatsTable;
  messages: MessagesTable;
  seats: SeatsTable;
};

export type Database = {
  readonly kysely: Kysely<Tables>;
  readonly pool: pg.Pool;
  /** Waits for queries under way and closes every connection; safe to call twice. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly url: string;
  /** Upper bound of the pool; 10 when not given. */
  readonly maxConnections?: number;
  /** How long a query waits for a free or new connection, ms; 2,000 when not given. */
  readonly connectionTimeoutMs?: number;
  /** Told of connections that break while idle; the pool replaces them by itself. */
  readonly onConnectionLost?: (error: Error) => void;
};

/** Opens a pool. Connects with the first query, so it does not fail here when the server is down. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 2_000,
    keepAlive: true,
    statement_timeout: 10_000,
    // For a server that does not answer at all any more.
    query_timeout: 12_000,
    application_name: 'sophy',
  });
  const onConnectionLost = options.onConnectionLost ?? ((error: Error) => process.emitWarning(error));
  pool.on('error', onConnectionLost);
  // The pool listens only while a connection is idle: one that breaks between two queries of a transaction would end
  // the process. The next query on it fails and tells its caller.
  pool.on('connect', (client) => client.on('error', onConnectionLost));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    kysely,
    pool,
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Resolves where the database answers; throws what `pg` throws where it does not. */
export async function pingDatabase(database: Database): Promise<void> {
  await sql`SELECT 1`.execute(database.kysely);
}
