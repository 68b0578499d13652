/**
 * `npm run chaos`: breaks the product and sees it mend itself. Everything after `--` goes to `chaos/main.ts`.
 *
 *   npm run chaos -- --kills 200
 */
import { resolve } from 'node:path';
import { endToolsWithUs } from './check/interruption.ts';
import { prepareTests } from './check/test-prerequisites.ts';
import { Progress } from './start/progress.ts';
import { runProgram } from './start/run-program.ts';
import { Trouble } from './start/trouble.ts';

const stop = new AbortController();
endToolsWithUs(() => stop.abort());
const root = resolve(import.meta.dirname, '..');
try {
  const progress = new Progress();
  const found = await prepareTests({
    root,
    environment: process.env,
    needsBrowser: false,
    progress,
    signal: stop.signal,
  });
  const { code } = await runProgram(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve(root, 'chaos/main.ts'), ...process.argv.slice(2)],
    {
      cwd: root,
      environment: { ...process.env, ...found },
      onLine: (line) => process.stdout.write(`${line}\n`),
    },
  );
  process.exit(code);
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
