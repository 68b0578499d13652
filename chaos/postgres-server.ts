/** The database of a run: stopped at once as by a power cut of its process, and started again on the same port. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@sophy/db/embedded-postgres';
import { migrate } from '@sophy/db/migrate';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { signalProcess } from '@sophy/testkit/process-tree';
import pg from 'pg';

export type PostgresServer = {
  readonly url: string;
  /** As `pg_ctl stop -m immediate`: every backend is aborted, nothing is flushed; the next start recovers from the log. */
  stopImmediately(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
};

/** A cluster of its own with the product's own durability settings, migrated. */
export async function startPostgresServer(dataDirectory: string): Promise<PostgresServer> {
  const options = {
    dataDirectory,
    port: await freeTcpPort(),
    serverSettings: { max_connections: '300' },
  };
  let server: EmbeddedPostgres = await startEmbeddedPostgres(options);
  await migrate(server.url);
  const clusterFolder = await readClusterFolder(server.url);
  const abort = (): void => {
    const lockFile = join(clusterFolder, 'postmaster.pid');
    // Without the file it has ended in order.
    if (existsSync(lockFile)) signalProcess(Number.parseInt(readFileSync(lockFile, 'utf8'), 10), 'SIGQUIT');
  };
  // It has a process group of its own and would outlive a harness that is told to end.
  process.once('exit', abort);
  return {
    url: server.url,
    async stopImmediately() {
      abort();
      // Returns when the process is gone.
      await server.stop();
    },
    async startAgain() {
      server = await startEmbeddedPostgres(options);
    },
    async stop() {
      process.off('exit', abort);
      await server.stop();
    },
  };
}

async function readClusterFolder(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ folder: string }>(
      "SELECT current_setting('data_directory') AS folder",
    );
    const [row] = rows;
    if (row === undefined) throw new Error('Postgres does not say where its cluster is');
    return row.folder;
  } finally {
    await client.end();
  }
}
