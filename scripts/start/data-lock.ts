/**
 * One running start per data directory. The lock is a file that names its process; a file whose process is gone
 * (`kill -9`, power cut) is taken over.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isSameProcess, processIdentity } from './process-identity.ts';
import { Trouble } from './trouble.ts';

const holderSchema = z.object({ pid: z.number().int().positive(), identity: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** Longer than a takeover ever takes: a guard older than this was left by a crash. */
const guardLifetimeMs = 5_000;
const attempts = 100;

export type DataLock = { release(): void };

/**
 * Takes `<dataDirectory>/start.lock`.
 * @throws Trouble when another start that still runs holds it.
 */
export async function takeDataLock(dataDirectory: string): Promise<DataLock> {
  const file = join(dataDirectory, 'start.lock');
  const me: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? 'unknown' };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (createExclusive(file, JSON.stringify(me))) return { release: () => release(file, me) };
    const holder = readHolder(file);
    if (holder !== undefined && isSameProcess(holder.pid, holder.identity)) {
      throw new Trouble(
        `Sophy already runs on ${dataDirectory} (process ${holder.pid}). Stop it with Ctrl-C or "kill ${holder.pid}", or start this one on other data: SOPHY_DATA_DIR=.sophy-2 WEB_PORT=8090 npm start`,
      );
    }
    removeStale(file);
    await delay(20);
  }
  throw new Trouble(`The lock ${file} could not be taken. Remove that file and start again.`);
}

/** Whether a start runs on this data directory now. */
export function isDataLocked(dataDirectory: string): boolean {
  const holder = readHolder(join(dataDirectory, 'start.lock'));
  return holder !== undefined && isSameProcess(holder.pid, holder.identity);
}

/** Two starts may find the same stale lock: only the one that makes the guard looks again and removes it. */
function removeStale(file: string): void {
  const guard = `${file}.takeover`;
  if (!createExclusive(guard, '')) {
    if (ageMs(guard) > guardLifetimeMs) rmSync(guard, { force: true });
    return;
  }
  try {
    const holder = readHolder(file);
    if (holder === undefined || !isSameProcess(holder.pid, holder.identity)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function release(file: string, me: Holder): void {
  const holder = readHolder(file);
  if (holder?.pid === me.pid && holder.identity === me.identity) rmSync(file, { force: true });
}

function readHolder(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Gone meanwhile, or half written by a process that was killed.
    return undefined;
  }
}

function createExclusive(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}
