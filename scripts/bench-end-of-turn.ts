/**
 * `npm run bench:end-of-turn`: measures how the end of a turn is found. Everything after `--` goes to
 * `bench/end-of-turn.ts`. The first run speaks and hears all turns with the local engines, some six minutes.
 *
 *   npm run bench:end-of-turn -- --seed 2
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
      stages: ['stt', 'tts'],
      signal: stop.signal,
      report,
    }),
  );
  const { code } = await runProgram(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      resolve(root, 'bench/end-of-turn.ts'),
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
