/**
 * `npm run bench:addressing`: measures the addressing on its labelled utterances. Everything after `--` goes to
 * `bench/addressing.ts`.
 *
 *   npm run bench:addressing -- --failures
 */
import { resolve } from 'node:path';
import { endToolsWithUs } from './check/interruption.ts';
import { runProgram } from './start/run-program.ts';

endToolsWithUs();
const root = resolve(import.meta.dirname, '..');
const { code } = await runProgram(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', resolve(root, 'bench/addressing.ts'), ...process.argv.slice(2)],
  { cwd: root, onLine: (line) => process.stdout.write(`${line}\n`) },
);
process.exit(code);
