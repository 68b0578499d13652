/** A vitest run of some projects: every test counts. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../start/run-program.ts';
import type { CheckTask } from './check-task.ts';
import { readVitestReport } from './vitest-report.ts';

export type VitestTaskOptions = {
  readonly name: string;
  readonly projects: readonly string[];
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Given every line that vitest prints, for runs that people wait for. */
  onLine?(line: string): void;
};

export function vitestTask(options: VitestTaskOptions): CheckTask {
  const { name, projects, root, environment, onLine } = options;
  return {
    name,
    async run() {
      const directory = mkdtempSync(join(tmpdir(), 'sophy-vitest-'));
      const file = join(directory, 'report.json');
      try {
        const { code, output } = await runProgram(
          process.execPath,
          [
            join(root, 'node_modules/vitest/vitest.mjs'),
            'run',
            ...projects.flatMap((project) => ['--project', project]),
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${file}`,
          ],
          { cwd: root, environment, onLine },
        );
        if (!existsSync(file)) return { passed: 0, failed: 1, details: `vitest wrote no report:\n${output}` };
        const outcome = readVitestReport(readFileSync(file, 'utf8'), code, root);
        // An error outside of a test is only in what vitest prints.
        const isUnexplained =
          outcome.failed > 0 && code !== 0 && outcome.details.includes('outside of a test');
        return isUnexplained ? { ...outcome, details: `${outcome.details}\n${output}` } : outcome;
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
