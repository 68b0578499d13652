/**
 * The zero-setup database: a real Postgres from npm, started and stopped with the product, reachable from this
 * machine only. Any `DATABASE_URL` takes its place.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findPostgresAccount, type PostgresAccount } from './embedded-postgres/account.ts';
import { EmbeddedPostgresError } from './embedded-postgres/embedded-postgres-error.ts';
import { type PostgresPlace, preparePlace } from './embedded-postgres/place.ts';
import { clusterOf, endPostmaster, ownerFileOf, stopOrphan } from './embedded-postgres/postmaster.ts';

const userName = 'sophy';
const databaseName = 'sophy';

/** Backends of a killed postmaster hold its shared memory until they notice, up to a few seconds under load. */
const busyRetryMs = 10_000;

export type EmbeddedPostgresOptions = {
  /** Made when missing. Holds the cluster and its password; one running server at a time. */
  readonly dataDirectory: string;
  /** Port on 127.0.0.1. Unset: any free one. */
  readonly port?: number;
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }` in tests. */
  readonly serverSettings?: Readonly<Record<string, string>>;
  /** One line of the server's own log. */
  onLog?(line: string): void;
  /** The server ended although nobody stopped it. */
  onUnexpectedExit?(details: { code: number | null; signal: NodeJS.Signals | null }): void;
};

export type EmbeddedPostgres = {
  /** Carries the password: never log it. */
  readonly url: string;
  readonly port: number;
  /** Fast shutdown: cuts clients, writes a checkpoint, returns when the process is gone. Calling it again is harmless. */
  stop(): Promise<void>;
};

/**
 * Starts the server, with a new cluster the first time (UTF-8, locale C, password kept in a 0600 file), and returns
 * when it takes connections. Stops a server that a killed process left behind on the same data directory first.
 * @throws EmbeddedPostgresError with a sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await findPostgresAccount();
  const place = await preparePlace(options.dataDirectory, account);
  await stopOrphan(place.home);
  const password = await initialise(place, account, options);
  await writeFile(ownerFileOf(place.home), `${process.pid}\n`);

  const { child, port } = await launch(place, account, options);
  const server = superviseServer(child, options);
  try {
    await createDatabaseOnce(connectionUrl(password, port, 'postgres'));
  } catch (cause) {
    await server.stop();
    throw new EmbeddedPostgresError(
      'start-failed',
      `The database in ${place.home} runs but does not accept its own password file.`,
      { cause },
    );
  }
  return { url: connectionUrl(password, port, databaseName), port, stop: server.stop };
}

function connectionUrl(password: string, port: number, database: string): string {
  return `postgres://${userName}:${password}@127.0.0.1:${port}/${database}`;
}

/** Makes the cluster in a folder of another name and renames it when whole, so that a killed start leaves no half cluster. */
async function initialise(
  place: PostgresPlace,
  account: PostgresAccount,
  options: EmbeddedPostgresOptions,
): Promise<string> {
  const passwordFile = path.join(place.home, 'password');
  const cluster = clusterOf(place.home);
  if (await exists(cluster)) return (await readFile(passwordFile, 'utf8')).trim();

  for (const name of await readdir(place.home)) {
    if (name.startsWith('cluster.')) await rm(path.join(place.home, name), { recursive: true, force: true });
  }
  const password = randomBytes(24).toString('base64url');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);

  const partial = `${cluster}.${process.pid}`;
  const child = spawn(
    path.join(place.programs, 'bin', 'initdb'),
    [
      `--pgdata=${partial}`,
      `--username=${userName}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      ...(options.serverSettings?.['fsync'] === 'off' ? ['--no-sync'] : []),
    ],
    { ...account, cwd: '/', env: postgresEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines = collectLines(child, options);
  const code = await exitOf(child);
  if (code !== 0) {
    throw new EmbeddedPostgresError(
      'initialise-failed',
      `The database could not be made in ${place.home}: ${lastWords(lines)}`,
    );
  }
  await rename(partial, cluster);
  return password;
}

/** Postgres reads PG* variables and LC_*; only what it needs is handed on. */
function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

type Launched = { readonly child: ChildProcess; readonly port: number };

async function launch(
  place: PostgresPlace,
  account: PostgresAccount,
  options: EmbeddedPostgresOptions,
): Promise<Launched> {
  const deadlineMs = performance.now() + busyRetryMs;
  for (;;) {
    const port = options.port ?? (await freePort());
    const attempt = await launchOnce(place, account, options, port);
    if (attempt.outcome === 'ready') return { child: attempt.child, port };
    const said = attempt.lines.join('\n');
    const isPortTaken = /could not bind|Address already in use/.test(said);
    if (isPortTaken && options.port !== undefined) {
      throw new EmbeddedPostgresError(
        'port-in-use',
        `Port ${port} on 127.0.0.1 is taken by another program; the database cannot listen there.`,
      );
    }
    const passes = isPortTaken || /pre-existing shared memory|lock file .* already exists/.test(said);
    if (!passes || performance.now() > deadlineMs) {
      throw new EmbeddedPostgresError(
        'start-failed',
        `The database in ${place.home} does not start: ${lastWords(attempt.lines)}`,
      );
    }
    await sleep(50);
  }
}

type Attempt =
  | { readonly outcome: 'ready'; readonly child: ChildProcess }
  | { readonly outcome: 'ended'; readonly lines: readonly string[] };

async function launchOnce(
  place: PostgresPlace,
  account: PostgresAccount,
  options: EmbeddedPostgresOptions,
  port: number,
): Promise<Attempt> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    lc_messages: 'C',
    timezone: 'UTC',
    logging_collector: 'off',
    ...options.serverSettings,
  };
  const child = spawn(
    path.join(place.programs, 'bin', 'postgres'),
    [
      '-D',
      clusterOf(place.home),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // Its own process group: Ctrl-C in a terminal must not stop the database before those who write to it.
    { ...account, cwd: '/', env: postgresEnvironment(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ready = Promise.withResolvers<'ready'>();
  const lines = collectLines(child, options, (line) => {
    if (line.includes('database system is ready to accept connections')) ready.resolve('ready');
  });
  const outcome = await Promise.race([ready.promise, exitOf(child).then(() => 'ended' as const)]);
  return outcome === 'ready' ? { outcome, child } : { outcome, lines };
}

function superviseServer(child: ChildProcess, options: EmbeddedPostgresOptions): { stop(): Promise<void> } {
  let stopping: Promise<void> | undefined;
  child.once('exit', (code, signal) => {
    if (stopping === undefined) options.onUnexpectedExit?.({ code, signal });
  });
  const end = async () => {
    const { pid } = child;
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = exitOf(child);
    await endPostmaster(pid);
    await gone;
  };
  return {
    stop: () => {
      stopping ??= end();
      return stopping;
    },
  };
}

async function createDatabaseOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName)}`);
  } finally {
    await client.end();
  }
}

/** Hands each line on and keeps the latest for an error message. */
function collectLines(
  child: ChildProcess,
  options: EmbeddedPostgresOptions,
  onLine?: (line: string) => void,
): readonly string[] {
  const latest: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      latest.push(line);
      if (latest.length > 40) latest.shift();
      options.onLog?.(line);
      onLine?.(line);
    });
  }
  return latest;
}

function lastWords(lines: readonly string[]): string {
  const telling = lines.filter((line) => /FATAL|error:|ERROR/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-3).join(' · ') || 'it said nothing';
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.once('error', reject);
  // `close` comes after the last line of output.
  child.once('close', (code) => resolve(code));
  return promise;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') resolve(address.port);
    else reject(new Error('The system named no port for a listening socket.'));
  });
  const port = await promise;
  await new Promise<void>((closed) => server.close(() => closed()));
  return port;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
