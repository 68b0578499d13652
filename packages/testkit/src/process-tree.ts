/** Which processes a process has started, so that a test can show that none is left. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ids of a process and everything under it at this moment. */
export async function processTree(rootPid: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=']);
  const children = new Map<number, number[]>();
  for (const line of stdout.split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree: number[] = [];
  const open = [rootPid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    tree.push(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/** Those of the processes that are still running, with their command lines. */
export async function stillRunning(pids: readonly number[]): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,stat=,args=']);
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => {
      const [pid, state] = line.split(/\s+/);
      return pids.includes(Number(pid)) && state?.startsWith('Z') === false;
    });
}

/** Sends a signal to a process and everything under it; those that are gone already are left out. Returns their ids. */
export async function signalTree(rootPid: number, signal: NodeJS.Signals): Promise<readonly number[]> {
  const pids = await processTree(rootPid);
  for (const pid of pids) signalProcess(pid, signal);
  return pids;
}

/** False when there is no such process any more. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Processes whose environment holds `name=value`, whoever their parents are by now. Linux only: reads /proc. */
export function processesMarked(name: string, value: string): readonly { pid: number; command: string }[] {
  const mark = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(mark)) return [];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // A zombie has no command line.
        return command === '' ? [] : [{ pid: Number(entry), command }];
      } catch {
        // Ended while it was being read, or another account's.
        return [];
      }
    });
}
