/**
 * `npm run scenarios`: plays the scenarios of `scenarios/` and prints which are met. Everything after `--` narrows it.
 *
 *   npm run scenarios -- --grep nod
 *   npm run scenarios -- --as room
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endToolsWithUs } from './check/interruption.ts';
import { prepareTests } from './check/test-prerequisites.ts';
import { Progress } from './start/progress.ts';
import { runProgram } from './start/run-program.ts';
import { Trouble } from './start/trouble.ts';

const runners = {
  policy: { project: 'unit', file: 'packages/testkit/src/scenarios.test.ts' },
  audio: { project: 'e2e', file: 'e2e/scenarios-audio.e2e.test.ts' },
  room: { project: 'e2e', file: 'e2e/scenarios.e2e.test.ts' },
} as const;

const stop = new AbortController();
endToolsWithUs(() => stop.abort());
const root = resolve(import.meta.dirname, '..');
try {
  const { grep, as } = options();
  const { project, file } = runners[as];
  const found =
    as === 'policy'
      ? {}
      : await prepareTests({
          root,
          environment: process.env,
          needsBrowser: false,
          progress: new Progress(),
          signal: stop.signal,
        });
  const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
  const pattern = grep === undefined ? [] : ['-t', grep];
  const { code } = await runProgram(
    process.execPath,
    [vitest, 'run', '--project', project, '--reporter', 'verbose', ...pattern, file],
    {
      cwd: root,
      environment: { ...process.env, ...found },
      // Those that the pattern leaves out are no news.
      onLine: (line) => {
        if (!line.includes('↓')) process.stdout.write(`${line}\n`);
      },
    },
  );
  process.exit(code);
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function options(): { readonly grep: string | undefined; readonly as: keyof typeof runners } {
  try {
    const { values } = parseArgs({
      options: { grep: { type: 'string' }, as: { type: 'string', default: 'policy' } },
    });
    const as = Object.keys(runners).find((name): name is keyof typeof runners => name === values.as);
    if (as === undefined) throw new Error(`--as is one of ${Object.keys(runners).join(', ')}`);
    return { grep: values.grep, as };
  } catch (error) {
    throw new Trouble(error instanceof Error ? error.message : String(error));
  }
}
