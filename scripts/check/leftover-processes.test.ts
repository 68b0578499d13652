import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { findLeftovers, leftoverTask, runMarkVariable } from './leftover-processes.ts';

test('a process that carries the mark of the run is found, counted as a failure and ended', async () => {
  const mark = randomUUID();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    env: { PATH: process.env['PATH'], [runMarkVariable]: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  expect((await findLeftovers(mark)).map(({ pid }) => pid)).toEqual([child.pid]);
  const outcome = await leftoverTask(mark, 0).run();
  expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  expect(outcome.details).toContain(`left running: ${child.pid}`);
  await exited;
  expect(await leftoverTask(mark, 0).run()).toMatchObject({ passed: 1, failed: 0 });
});
