/**
 * The postmaster process of a cluster as found on the machine: who runs it, whether it is orphaned, and ending it.
 *
 * Postgres writes `postmaster.pid` (line 1: process id) and removes it when it ends in order. The file `owner` beside
 * the cluster names the Node process that started the postmaster. While that one lives it is the postmaster's parent;
 * once it dies the system gives the postmaster another parent. So a postmaster whose parent is not its recorded owner
 * is an orphan, with no doubt left by reused process ids.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const run = promisify(execFile);

/** Time for a fast shutdown (clients are cut, a checkpoint is written) before it is made an immediate one. */
const fastShutdownMs = 10_000;
const immediateShutdownMs = 5_000;

/** Path of the cluster inside its home. */
export const clusterOf = (home: string): string => path.join(home, 'cluster');
/** File with the process id of the Node process that runs the cluster. */
export const ownerFileOf = (home: string): string => path.join(home, 'owner');

/**
 * Ends the postmaster that an earlier, killed process left running on this cluster; does nothing when there is none.
 * Also removes a lock file whose process id now belongs to some other program.
 * @throws EmbeddedPostgresError `in-use` when the postmaster still has its living owner.
 */
export async function stopOrphan(home: string): Promise<void> {
  const cluster = clusterOf(home);
  const lockFile = path.join(cluster, 'postmaster.pid');
  const pid = await readPid(lockFile);
  if (pid === undefined) return;
  const found = await describeProcess(pid);
  if (found === undefined) return;
  if (!found.command.includes(cluster)) {
    await rm(lockFile, { force: true });
    return;
  }
  if (found.parentPid === (await readPid(ownerFileOf(home)))) {
    throw new EmbeddedPostgresError(
      'in-use',
      `The database in ${home} is in use by process ${found.parentPid}. Stop that one first.`,
    );
  }
  await endPostmaster(pid);
}

/** Fast shutdown, then immediate shutdown, then kill; returns when the process is gone. */
export async function endPostmaster(pid: number): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: fastShutdownMs },
    { signal: 'SIGQUIT', waitMs: immediateShutdownMs },
    { signal: 'SIGKILL', waitMs: immediateShutdownMs },
  ] as const;
  for (const { signal, waitMs } of steps) {
    if (!sendSignal(pid, signal)) return;
    const deadlineMs = performance.now() + waitMs;
    while (performance.now() < deadlineMs) {
      if (!sendSignal(pid, 0)) return;
      await sleep(10);
    }
  }
  throw new EmbeddedPostgresError(
    'start-failed',
    `The database process ${pid} does not end. Kill it by hand.`,
  );
}

/**
 * False when there is no such process any more.
 * @throws EmbeddedPostgresError `in-use` when it runs under an account that we may not signal.
 */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
    throw new EmbeddedPostgresError(
      'in-use',
      `The database process ${pid} belongs to another account. Stop it from there first.`,
      { cause },
    );
  }
}

async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

type ProcessDescription = { readonly parentPid: number; readonly command: string };

async function describeProcess(pid: number): Promise<ProcessDescription | undefined> {
  try {
    if (process.platform === 'linux') {
      // `ps` is absent from slim images; /proc is always there.
      const [status, command] = await Promise.all([
        readFile(`/proc/${pid}/status`, 'utf8'),
        readFile(`/proc/${pid}/cmdline`, 'utf8'),
      ]);
      // A zombie has ended already and waits only for its parent to notice.
      if (/^State:\s+Z/m.test(status)) return undefined;
      return {
        parentPid: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
        command: command.replaceAll('\0', ' '),
      };
    }
    const { stdout } = await run('ps', ['-o', 'ppid=,command=', '-p', String(pid)]);
    const match = /^\s*(\d+)\s+(.*)$/m.exec(stdout);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    return { parentPid: Number(match[1]), command: match[2] };
  } catch {
    // No such process.
    return undefined;
  }
}
