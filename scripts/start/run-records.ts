/** Which processes a start has running, on disk: so that the next start finds what a `kill -9` left behind. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isSameProcess, processIdentity } from './process-identity.ts';

const recordSchema = z.object({ pid: z.number().int().positive(), identity: z.string() });

/** Orphaned children notice by themselves that their parent is gone; this is the time given to them. */
const graceMs = 5_000;

export type RunRecords = {
  add(name: string, pid: number): void;
  remove(name: string): void;
};

export function runRecords(directory: string): RunRecords {
  mkdirSync(directory, { recursive: true });
  return {
    add(name, pid) {
      const identity = processIdentity(pid);
      // Undefined: it has ended already.
      if (identity !== undefined) writeFileSync(fileOf(directory, name), JSON.stringify({ pid, identity }));
    },
    remove(name) {
      rmSync(fileOf(directory, name), { force: true });
    },
  };
}

/** Ends what an earlier start left running, and returns the names. Call it with the lock of the data directory held. */
export async function stopOrphans(directory: string): Promise<readonly string[]> {
  const names = readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
  const stopped = await Promise.all(names.map((name) => stopOrphan(directory, name)));
  return names.filter((_, index) => stopped[index]);
}

async function stopOrphan(directory: string, name: string): Promise<boolean> {
  const record = readRecord(fileOf(directory, name));
  let wasRunning = false;
  if (record !== undefined) {
    wasRunning = isSameProcess(record.pid, record.identity);
    if (wasRunning) signal(record.pid, 'SIGTERM');
    const deadlineMs = performance.now() + graceMs;
    while (isSameProcess(record.pid, record.identity)) {
      // Each child leads a process group, so what it started goes with it.
      if (performance.now() > deadlineMs) signal(-record.pid, 'SIGKILL');
      await delay(20);
    }
  }
  rmSync(fileOf(directory, name), { force: true });
  return wasRunning;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // ESRCH: it ended in this very moment, which is what was wanted.
    if (code !== 'ESRCH') throw error;
  }
}

function readRecord(file: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half written by a process that was killed: it names nothing.
    return undefined;
  }
}

function fileOf(directory: string, name: string): string {
  return join(directory, `${name}.json`);
}
