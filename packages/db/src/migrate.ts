/** Brings a database to the newest shape: the numbered SQL files of `db/`, each up and down. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const migrationsFolder = fileURLToPath(new URL('../../../db', import.meta.url));

/** Migrations say what they do in their names and throw when they fail; their chatter is left out. */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const shared = {
  dir: migrationsFolder,
  migrationsTable: 'schema_migrations',
  logger: silent,
  advisoryLockMode: 'wait',
  singleTransaction: true,
} as const;

/**
 * Applies what is missing, in one transaction. Processes that start together wait for each other on an
 * advisory lock. Throws what Postgres throws; nothing is applied then.
 */
export async function migrate(url: string): Promise<void> {
  await runner({ ...shared, databaseUrl: url, direction: 'up' });
}

/** Takes back the newest `count` migrations. Data in the dropped tables is lost. */
export async function migrateDown(url: string, count: number): Promise<void> {
  await runner({ ...shared, databaseUrl: url, direction: 'down', count });
}
