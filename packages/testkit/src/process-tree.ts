/** Which processes a process has started, so that a test can show that none is left. */
import { execFile } from 'node:child_process';
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
