import { settingsSchema } from '@sophy/contracts/settings';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { startTcpGate } from '@sophy/testkit/tcp-gate';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { migrate, migrateDown } from './migrate.ts';
import { readSettings, watchSettings, writeSettings } from './settings.ts';

const key = Buffer.alloc(32, 7);
const base = settingsSchema.parse({ agent_name: 'Claudia' });

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.kysely.deleteFrom('settings').execute();
});

describe('settings', () => {
  test('rows lie over the base, and nothing written changes no version', async () => {
    const { version } = await readSettings(database, base, key);
    await writeSettings(database, { tts_speed: 1.5, llm_api_key: 'sk-1' }, key);
    const stored = await readSettings(database, base, key);
    expect(stored).toMatchObject({ version: version + 1, ignored: [] });
    expect(stored.settings).toMatchObject({ agent_name: 'Claudia', tts_speed: 1.5, llm_api_key: 'sk-1' });
    expect(await writeSettings(database, {}, key)).toEqual({ version: version + 1, updated: [] });
  });

  test('rows that do not count are named and leave the rest in force', async () => {
    await writeSettings(database, { tts_speed: 1.5, llm_api_key: 'sk-1' }, Buffer.alloc(32, 8));
    await database.pool.query(
      `INSERT INTO settings (key, value) VALUES ('gone', '1'), ('history_messages', '"many"')`,
    );
    const stored = await readSettings(database, base, key);
    expect([...stored.ignored].sort()).toEqual(['gone', 'history_messages', 'llm_api_key']);
    expect(stored.settings).toEqual({ ...base, tts_speed: 1.5 });
  });

  test('writers of the same settings at once neither wait for each other nor lose a version', async () => {
    const { version } = await readSettings(database, base, key);
    const speeds = Array.from({ length: 10 }, (_, index) => 1 + index / 100);
    await Promise.all(
      speeds.map((speed, index) =>
        writeSettings(
          database,
          index % 2 === 0 ? { tts_speed: speed, greeting: 'a' } : { greeting: 'b', tts_speed: speed },
          key,
        ),
      ),
    );
    expect((await readSettings(database, base, key)).version).toBe(version + 10);
  });

  test('the watch outlives its connection and tells of changes that it may have missed', async () => {
    const gate = await startTcpGate(testDatabase.url);
    const stop = new AbortController();
    const onChange = vi.fn();
    const onError = vi.fn();
    const watch = watchSettings({
      url: gate.rewrite(testDatabase.url),
      onChange,
      onError,
      signal: stop.signal,
    });
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await gate.shut();
    await vi.waitFor(() => expect(onError).toHaveBeenCalled());
    await writeSettings(database, { tts_speed: 1.1 }, key);
    await gate.reopen();
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), { timeout: 10_000 });
    await writeSettings(database, { tts_speed: 1.2 }, key);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(3));
    stop.abort();
    await watch;
    await gate.shut();
  });
});

describe('migrations', () => {
  test('go down to nothing and up again, also when two processes start together', async () => {
    const other = await createTestDatabase();
    const look = openDatabase({ url: other.url, maxConnections: 1 });
    const tables = async () =>
      (
        await look.pool.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)
      ).rows.map(({ tablename }: { tablename: string }) => tablename);
    const complete = await tables();
    const count = Number((await look.pool.query('SELECT count(*) FROM schema_migrations')).rows[0]?.count);
    await migrateDown(other.url, count);
    expect(await tables()).toEqual(['schema_migrations']);
    await Promise.all([migrate(other.url), migrate(other.url)]);
    expect(await tables()).toEqual(complete);
    await look.close();
    await other.drop();
  });
});
