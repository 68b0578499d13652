/**
 * Finds processes that a test run started and left behind: every process inherits the run's mark in its environment,
 * whatever becomes of its parents.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from '../start/run-program.ts';
import type { CheckTask } from './check-task.ts';

export const runMarkVariable = 'SOPHY_TEST_RUN';

/** Time for processes that are on their way out. */
const usualGraceMs = 3_000;
const pollMs = 100;

export type Leftover = { readonly pid: number; readonly command: string };

/** Fails when something is left after a moment of grace; what is left is then ended, so that it hurts nobody. */
export function leftoverTask(mark: string, graceMs = usualGraceMs): CheckTask {
  return {
    name: 'no process left',
    async run() {
      const deadlineMs = performance.now() + graceMs;
      let left = await findLeftovers(mark);
      while (left.length > 0 && performance.now() < deadlineMs) {
        await delay(pollMs);
        left = await findLeftovers(mark);
      }
      for (const { pid } of left) endProcess(pid);
      return {
        passed: left.length === 0 ? 1 : 0,
        failed: left.length === 0 ? 0 : 1,
        details: left.map(({ pid, command }) => `left running: ${pid} ${command}`).join('\n'),
      };
    },
  };
}

/** Processes whose environment holds the mark, without this one. */
export async function findLeftovers(mark: string): Promise<readonly Leftover[]> {
  const text = `${runMarkVariable}=${mark}`;
  const found = process.platform === 'linux' ? fromProc(text) : await fromPs(text);
  return found.filter(({ pid }) => pid !== process.pid);
}

function fromProc(text: string): readonly Leftover[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(text)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // A zombie has neither environment nor command line.
        return command === '' ? [] : [{ pid: Number(name), command }];
      } catch {
        // Ended meanwhile, or another user's.
        return [];
      }
    });
}

async function fromPs(text: string): Promise<readonly Leftover[]> {
  const { output } = await runProgram('ps', ['-axEww', '-o', 'pid=,command=']);
  return output
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -axEww'))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }));
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH') throw error;
  }
}
