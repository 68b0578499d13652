/** A program that runs to its end while we wait, e.g. a compiler. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type RunOptions = {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  onLine?(line: string): void;
};

export type ProgramResult = {
  /** 127 when the program is not there. */
  readonly code: number;
  /** Both streams, the last 200 lines. */
  readonly output: string;
};

const running = new Set<number>();
const keptLines = 200;

/** Never throws: a program that cannot be started is code 127 with the cause as its output. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  const { promise, resolve } = Promise.withResolvers<ProgramResult>();
  const lines: string[] = [];
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.onLine?.(line);
    });
  }
  child.on('error', (error) => resolve({ code: 127, output: error.message }));
  child.on('close', (code) => {
    if (pid !== undefined) running.delete(pid);
    resolve({ code: code ?? 1, output: lines.join('\n') });
  });
  return promise;
}

/** Ends every program that still runs, with what it started: for a stop that does not wait. */
export function killRunningPrograms(): void {
  for (const pid of running) {
    try {
      // A negative number means the whole process group.
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Ended in this very moment.
      running.delete(pid);
    }
  }
}
