/** One Postgres for a whole test run: started before the first integration test, gone with its data after the last. */
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@sophy/db/embedded-postgres';
import { stopOrphan } from '@sophy/db/embedded-postgres/postmaster';
import { migrate } from '@sophy/db/migrate';
import type { TestProject } from 'vitest/node';
import { runOn, templateDatabase, withDatabase } from './postgres.ts';

const folderPrefix = 'sophy-test-postgres-';

/** Nothing outlives the run, so nothing has to reach the disk. */
const serverSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDirectory = join(tmpdir(), `${folderPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  const server = await startEmbeddedPostgres({ dataDirectory, serverSettings });
  const teardown = async () => {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    await runOn(server.url, `CREATE DATABASE ${templateDatabase}`);
    await migrate(withDatabase(server.url, templateDatabase));
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return teardown;
}

/** Ends and removes the servers of runs that were killed; those of runs under way are left alone. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    await stopOrphan(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process, or one of another account: a test run of ours is neither.
    return false;
  }
}
