/** Settings in Postgres: rows over the environment's defaults, a version, and news of changes. */
import {
  isSecretSetting,
  isSettingKey,
  type SettingKey,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
} from '@sophy/contracts/settings';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { listen } from './listen.ts';
import { openSecret, SecretBoxError, sealSecret } from './secret-box.ts';

const channel = 'sophy_settings';

export type StoredSettings = {
  readonly settings: Settings;
  /** Grows with every change. */
  readonly version: number;
  /** Rows that do not count: unknown to this version, out of range, or sealed with another key. */
  readonly ignored: readonly string[];
};

/** Reads all rows over `base` (defaults and environment), in one query. */
export async function readSettings(
  database: Database,
  base: Settings,
  secretsKey: Buffer,
): Promise<StoredSettings> {
  const rows = await database.kysely
    .selectFrom('settings_version')
    .leftJoin('settings', (join) => join.onTrue())
    .select(['settings_version.version', 'settings.key', 'settings.value', 'settings.sealed'])
    .execute();
  let settings = base;
  const ignored: string[] = [];
  for (const row of rows) {
    if (row.key === null) continue;
    const value = row.sealed === null ? row.value : unseal(secretsKey, row.key, row.sealed);
    const parsed = settingsPatchSchema.safeParse({ [row.key]: value });
    if (isSettingKey(row.key) && value !== undefined && parsed.success) {
      settings = { ...settings, ...parsed.data };
    } else {
      ignored.push(row.key);
    }
  }
  return { settings, version: rows[0]?.version ?? 0, ignored };
}

/** Undefined where the key does not open it: the caller lists the row as ignored. */
function unseal(secretsKey: Buffer, key: string, sealed: string): string | undefined {
  try {
    return openSecret(secretsKey, `settings:${key}`, sealed);
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

/** Stores a checked patch, grows the version and tells every listener, all in one transaction. */
export async function writeSettings(
  database: Database,
  patch: SettingsPatch,
  secretsKey: Buffer,
): Promise<{ version: number; updated: SettingKey[] }> {
  const updated = Object.keys(patch)
    .filter(isSettingKey)
    .filter((key) => patch[key] !== undefined)
    // One order for everybody, so that two writers never wait for each other.
    .sort();
  const rows = updated.map((key) => {
    const value = patch[key];
    return isSecretSetting(key)
      ? { key, value: null, sealed: sealSecret(secretsKey, `settings:${key}`, String(value)) }
      : { key, value: JSON.stringify(value), sealed: null };
  });
  return database.kysely.transaction().execute(async (transaction) => {
    if (rows.length === 0) {
      const current = await transaction
        .selectFrom('settings_version')
        .select('version')
        .executeTakeFirstOrThrow();
      return { version: current.version, updated };
    }
    await transaction
      .insertInto('settings')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((eb) => ({
          value: eb.ref('excluded.value'),
          sealed: eb.ref('excluded.sealed'),
          updated_at: sql<Date>`now()`,
        })),
      )
      .execute();
    const { version } = await transaction
      .updateTable('settings_version')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .returning('version')
      .executeTakeFirstOrThrow();
    await sql`SELECT pg_notify(${channel}, ${String(version)})`.execute(transaction);
    return { version, updated };
  });
}

/** Listens on a connection of its own until the signal aborts; then resolves. Never rejects. */
export async function watchSettings(options: {
  readonly url: string;
  /** Settings may have changed: read them again. Also called after each connection, since news may be missed. */
  readonly onChange: () => void;
  /** A connection failed or broke; the watch goes on by itself. */
  readonly onError: (error: Error) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { url, onChange, onError, signal } = options;
  await listen({
    url,
    channel,
    purpose: 'settings watch',
    onNews: onChange,
    onConnected: onChange,
    onError,
    signal,
  });
}
