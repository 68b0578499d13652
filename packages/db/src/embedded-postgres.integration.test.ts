import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

const moduleUrl = new URL('./embedded-postgres.ts', import.meta.url).href;

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<{ answer: unknown }>(sql);
    return result.rows[0]?.answer;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function postmasterPid(cluster: string): Promise<number> {
  return Number.parseInt(await readFile(path.join(cluster, 'postmaster.pid'), 'utf8'), 10);
}

/** A Node process of its own that starts the database and stays, so that it can be killed. */
async function startInOtherProcess(dataDirectory: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(moduleUrl)});
    const server = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)} });
    console.log(server.url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const url of createInterface({ input: child.stdout })) return { child, url };
  throw new Error('The other process ended without a database.');
}

describe('embedded Postgres', () => {
  let folder: string;
  let dataDirectory: string;
  let cluster: string;
  const opened: EmbeddedPostgres[] = [];

  const start = async (directory = dataDirectory) => {
    const server = await startEmbeddedPostgres({ dataDirectory: directory });
    opened.push(server);
    return server;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sophy-embedded-'));
    // mkdtemp makes 0700; the account that runs Postgres for root walks through this one.
    await chmod(folder, 0o755);
    dataDirectory = path.join(folder, 'postgres');
    cluster = path.join(dataDirectory, 'cluster');
  });

  afterAll(async () => {
    await Promise.all(opened.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  test('first start makes a UTF-8 cluster in locale C whose password only its owner reads', async () => {
    const server = await start();
    expect(
      await ask(
        server.url,
        "SELECT concat(pg_encoding_to_char(encoding), ' ', datcollate) AS answer FROM pg_database WHERE datname = current_database()",
      ),
    ).toBe('UTF8 C');
    expect(await ask(server.url, "SELECT current_setting('listen_addresses') AS answer")).toBe('127.0.0.1');
    expect(await ask(server.url, "SELECT current_setting('unix_socket_directories') AS answer")).toBe('');
    expect((await stat(path.join(dataDirectory, 'password'))).mode & 0o777).toBe(0o600);
    await expect(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1 AS answer')).rejects.toThrow(
      /password authentication failed/,
    );
    await ask(server.url, "CREATE TABLE kept AS SELECT 'still here' AS answer");
    const pid = await postmasterPid(cluster);
    await server.stop();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('a later start takes under a second and finds the data', async () => {
    const startMs: number[] = [];
    // The best of three: other work on the machine slows single ones down.
    for (let round = 0; round < 3; round += 1) {
      await opened.at(-1)?.stop();
      const beganAtMs = performance.now();
      const server = await start();
      startMs.push(performance.now() - beganAtMs);
      expect(await ask(server.url, 'SELECT answer FROM kept')).toBe('still here');
    }
    console.info('later starts, ms:', startMs.map(Math.round).join(' '));
    expect(Math.min(...startMs)).toBeLessThan(1_000);
  });

  test('a second start on a data directory in use is refused and harms nothing', async () => {
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toMatchObject({ code: 'in-use' });
    const server = opened.at(-1);
    expect(await ask(server?.url ?? '', 'SELECT answer FROM kept')).toBe('still here');
    await server?.stop();
  });

  test('a server orphaned by kill -9 of its parent is stopped and started anew', async () => {
    const other = await startInOtherProcess(dataDirectory);
    const orphan = await postmasterPid(cluster);
    other.child.kill('SIGKILL');
    await once(other.child, 'exit');
    expect(isAlive(orphan)).toBe(true);

    const server = await start();
    expect(isAlive(orphan)).toBe(false);
    expect(await ask(server.url, 'SELECT answer FROM kept')).toBe('still here');
    await server.stop();
  });

  test('kill -9 of parent and server with an open client leaves nothing in the way', async () => {
    const other = await startInOtherProcess(dataDirectory);
    const client = new pg.Client({ connectionString: other.url });
    client.on('error', () => undefined);
    await client.connect();
    process.kill(await postmasterPid(cluster), 'SIGKILL');
    other.child.kill('SIGKILL');
    await once(other.child, 'exit');

    const server = await start();
    expect(await ask(server.url, 'SELECT answer FROM kept')).toBe('still here');
    await server.stop();
    await client.end().catch(() => undefined);
  });

  test('a stale lock file whose process id now belongs to another program is not obeyed', async () => {
    await writeFile(path.join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n1\n\n127.0.0.1\n`);
    const server = await start();
    expect(await ask(server.url, 'SELECT answer FROM kept')).toBe('still here');
    await server.stop();
  });

  test('a port in use is named', async () => {
    const server = await start();
    const elsewhere = path.join(folder, 'elsewhere');
    await expect(
      startEmbeddedPostgres({ dataDirectory: elsewhere, port: server.port }),
    ).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(String(server.port)),
    });
    await server.stop();
  });

  test('no exit or signal handler is registered in the process', async () => {
    const counts = () =>
      ['exit', 'beforeExit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    const before = counts();
    const server = await start();
    expect(counts()).toEqual(before);
    await server.stop();
  });

  // Only root runs Postgres under another account.
  describe.runIf(userInfo().uid === 0)('as root in a folder that no other account may enter', () => {
    let closed: string;
    let location: string;

    beforeAll(async () => {
      closed = await mkdtemp(path.join(tmpdir(), 'sophy-closed-'));
      expect((await stat(closed)).mode & 0o777).toBe(0o700);
    });

    afterAll(async () => {
      await rm(closed, { recursive: true, force: true });
      for (const name of await readdir('/var/lib')) {
        const entry = path.join('/var/lib', name);
        if (entry.startsWith(location)) await rm(entry, { recursive: true, force: true });
      }
    });

    test('the cluster lies elsewhere, works, and is found again', async () => {
      const inside = path.join(closed, '.sophy', 'postgres');
      const first = await start(inside);
      location = (await readFile(path.join(inside, 'location'), 'utf8')).trim();
      await ask(first.url, "CREATE TABLE kept AS SELECT 'still here' AS answer");
      await first.stop();
      const second = await start(inside);
      expect(await ask(second.url, 'SELECT answer FROM kept')).toBe('still here');
      await second.stop();
    });

    test('removing the data directory starts afresh and sets the old cluster aside', async () => {
      const inside = path.join(closed, '.sophy', 'postgres');
      await rm(path.join(closed, '.sophy'), { recursive: true });
      const fresh = await start(inside);
      expect(await ask(fresh.url, "SELECT to_regclass('kept') AS answer")).toBeNull();
      await fresh.stop();
      const beside = await readdir(path.dirname(location));
      expect(beside.some((name) => name.startsWith(`${path.basename(location)}-set-aside-`))).toBe(true);
    });
  });
});
