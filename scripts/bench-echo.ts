/**
 * `npm run bench:echo`: measures whether the own voice is known by its sound. Everything after `--` goes to
 * `bench/echo-likeness.ts`. The first run speaks all sentences with the local voices, some two minutes.
 *
 *   npm run bench:echo -- --seed 2
 */
import { join, resolve } from 'node:path';
import { endToolsWithUs } from './check/interruption.ts';
import { fetchNeededModels } from './start/models.ts';
import { Progress } from './start/progress.ts';
import { runProgram } from './start/run-program.ts';
import { Trouble } from './start/trouble.ts';

const stop = new AbortController();
endToolsWithUs(() => stop.abort());
const root = resolve(import.meta.dirname, '..');
try {
  await new Progress().step('Fetching the local models', (report) =>
    fetchNeededModels({
      dataDirectory: join(root, '.sophy'),
      source: 'auto',
      stages: ['tts'],
      signal: stop.signal,
      report,
    }),
  );
  const { code } = await runProgram(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      resolve(root, 'bench/echo-likeness.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root, onLine: (line) => process.stdout.write(`${line}\n`) },
  );
  process.exit(code);
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
