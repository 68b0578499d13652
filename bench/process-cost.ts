/** What a process costs, from /proc: CPU time and its fair share of memory. Linux only. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Kernel ticks a second in /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

export type ProcessCost = {
  /** Part of one core, 1 is a whole one. */
  readonly cores: number;
  /** Proportional set size: its own pages, and its share of those it shares with others, MB. */
  readonly memoryMb: number;
};

/** Watches a process for a while. Throws when it ends. */
export async function processCost(pid: number, lengthMs: number): Promise<ProcessCost> {
  const before = await cpuSeconds(pid);
  const startMs = performance.now();
  await delay(lengthMs);
  const cores = ((await cpuSeconds(pid)) - before) / ((performance.now() - startMs) / 1_000);
  return { cores, memoryMb: await memoryMb(pid) };
}

async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold blanks; after it come state (3rd field) and so on, utime being the 14th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function memoryMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/smaps_rollup tells no Pss`);
  return Number(kilobytes) / 1_024;
}
