/** A tool whose exit code is the verdict: it counts as one. */
import { runProgram } from '../start/run-program.ts';
import type { CheckTask } from './check-task.ts';

const shownLines = 80;

export function programTask(
  name: string,
  program: string,
  args: readonly string[],
  directory: string,
): CheckTask {
  return {
    name,
    async run() {
      const { code, output } = await runProgram(program, args, { cwd: directory });
      if (code === 0) return { passed: 1, failed: 0, details: '' };
      return { passed: 0, failed: 1, details: output.split('\n').slice(-shownLines).join('\n') };
    },
  };
}
