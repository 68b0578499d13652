import { describe, expect, test } from 'vitest';
import { type CheckTask, runTasks } from './check-task.ts';
import { closingLine, describeFailure, exitCodeOf, summaryTable } from './summary.ts';

const task = (name: string, passed: number, failed: number): CheckTask => ({
  name,
  run: async () => ({ passed, failed, details: failed > 0 ? 'the cause' : '' }),
});

describe('running checks', () => {
  test('one line sums up all of them, in the order in which they were given', async () => {
    const seen: string[] = [];
    const reports = await runTasks([task('types', 1, 0), task('unit tests', 40, 2)], 2, ({ name }) =>
      seen.push(name),
    );
    expect(closingLine(reports)).toBe('41 passed, 2 failed');
    expect(reports.map(({ name }) => name)).toEqual(['types', 'unit tests']);
    expect(seen.sort()).toEqual(['types', 'unit tests']);
    expect(exitCodeOf(reports)).toBe(1);
    expect(summaryTable(reports)).toMatch(/^✓ types {6}.*\n✗ unit tests .*2 failed/);
  });

  test('all passed is success, nothing at all is not', async () => {
    expect(exitCodeOf(await runTasks([task('types', 1, 0)], 1, () => undefined))).toBe(0);
    expect(exitCodeOf([])).toBe(1);
  });

  test('a check that throws is a failed one, with its cause', async () => {
    const broken: CheckTask = { name: 'broken', run: () => Promise.reject(new Error('no such tool')) };
    const [report] = await runTasks([broken], 1, () => undefined);
    expect(report).toMatchObject({ passed: 0, failed: 1 });
    expect(report === undefined ? '' : describeFailure(report)).toContain('no such tool');
  });

  test('no more run at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const slow: CheckTask = {
      name: 'slow',
      async run() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return { passed: 1, failed: 0, details: '' };
      },
    };
    await runTasks([slow, { ...slow }, { ...slow }, { ...slow }], 2, () => undefined);
    expect(most).toBe(2);
  });
});
