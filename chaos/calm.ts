/** Whether processes have finished starting: they hardly use the processor any more. Linux only: reads /proc. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Kernel ticks a second in /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
const lookMs = 1_000;
/** Waiting jobs start one after the other, with pauses between them. */
const calmLooks = 3;
/** Of one core, for all processes together. An idle worker with three waiting jobs uses 0.03. */
const calmCores = 0.15;

/** Waits until the processes together are calm for three seconds, for `timeoutMs` at most; says whether they are. */
export async function untilCalm(pids: () => Promise<readonly number[]>, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  let before = await ticksOf(await pids());
  let calm = 0;
  while (performance.now() < deadlineMs) {
    await sleep(lookMs);
    const now = await ticksOf(await pids());
    calm = (now - before) / ticksPerSecond / (lookMs / 1_000) < calmCores ? calm + 1 : 0;
    if (calm >= calmLooks) return true;
    before = now;
  }
  return false;
}

async function ticksOf(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name in parentheses may hold blanks; after it come state (3rd field) and so on, utime being the 14th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return stat === '' ? 0 : Number(fields[11]) + Number(fields[12]);
    }),
  );
  return ticks.reduce((total, each) => total + each, 0);
}
