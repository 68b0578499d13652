/** Runs one program to its end, with its output kept for the error message. */
import { spawn } from 'node:child_process';

export type CommandResult = {
  /** Undefined when the program could not be started at all. */
  readonly exitCode: number | undefined;
  readonly output: string;
};

/** What is kept of the output; errors stand at its end. */
const keptCharacters = 4_000;

/** Never throws for a failing program; rejects with the signal's reason when aborted. */
export function runCommand(
  program: string,
  commandArguments: readonly string[],
  options: { readonly signal: AbortSignal; readonly environment?: Readonly<Record<string, string>> },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-keptCharacters);
    };
    const child = spawn(program, commandArguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...options.environment },
    });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      if (options.signal.aborted) reject(options.signal.reason);
      else resolve({ exitCode: undefined, output: error.message });
    });
    child.on('close', (exitCode) => {
      if (!options.signal.aborted) resolve({ exitCode: exitCode ?? 1, output });
    });
  });
}

/** The last line that says something: where pip and Python put their verdict. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
