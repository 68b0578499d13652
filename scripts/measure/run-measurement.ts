/** What every measurement from the terminal does: fetches what it needs, runs one file with the arguments given, ends with its code. */
import { join, resolve } from 'node:path';
import { endToolsWithUs } from '../check/interruption.ts';
import { prepareTests } from '../check/test-prerequisites.ts';
import { fetchNeededModels } from '../start/models.ts';
import { Progress } from '../start/progress.ts';
import { runProgram } from '../start/run-program.ts';
import { Trouble } from '../start/trouble.ts';

/** Nothing; local models; or everything that the product needs under test. */
export type MeasurementNeeds =
  | { readonly type: 'nothing' }
  | { readonly type: 'models'; readonly stages: readonly ('stt' | 'tts')[] }
  | { readonly type: 'product' };

/** Runs `file` (below the repository) with this process's own arguments; never returns. */
export async function runMeasurement(file: string, needs: MeasurementNeeds): Promise<never> {
  const stop = new AbortController();
  endToolsWithUs(() => stop.abort());
  const root = resolve(import.meta.dirname, '../..');
  try {
    const found = await prepare(root, needs, stop.signal);
    const { code } = await runProgram(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', resolve(root, file), ...process.argv.slice(2)],
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
}

/** Environment variables that say where the fetched things are. */
async function prepare(
  root: string,
  needs: MeasurementNeeds,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const progress = new Progress();
  switch (needs.type) {
    case 'nothing':
      return {};
    case 'models':
      await progress.step('Fetching the local models', (report) =>
        fetchNeededModels({
          dataDirectory: join(root, '.sophy'),
          source: 'auto',
          stages: needs.stages,
          signal,
          report,
        }),
      );
      return {};
    case 'product':
      return prepareTests({ root, environment: process.env, needsBrowser: false, progress, signal });
  }
}
