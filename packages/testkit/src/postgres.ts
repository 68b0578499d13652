/** A fresh, migrated database for a test: cloned from a template in milliseconds, dropped at its end. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Server of this run, with the right to make databases; set by postgres-global-setup.ts. */
    postgresUrl: string;
  }
}

/** Name of the migrated database that every test database is a clone of. */
export const templateDatabase = 'sophy_template';

export type TestDatabase = {
  readonly url: string;
  /** Cuts whoever is still connected and removes it. */
  drop(): Promise<void>;
};

/** Must be called inside the `integration` project, whose set-up starts the server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  return {
    url: withDatabase(serverUrl, name),
    drop: () => runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
