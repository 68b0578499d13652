/**
 * `npm test`: everything. Types, lint, dead code and pure tests; then tests against real servers; then the built
 * product with a real browser. Ends with one line, `N passed, N failed`, that counts all of it.
 *
 *   npm test
 */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { type CheckTask, runTasks, type TaskReport } from './check/check-task.ts';
import { endToolsWithUs } from './check/interruption.ts';
import { leftoverTask, runMarkVariable } from './check/leftover-processes.ts';
import { staticTasks } from './check/static-tasks.ts';
import { closingLine, describeFailure, exitCodeOf, summaryTable } from './check/summary.ts';
import { prepareTests } from './check/test-prerequisites.ts';
import { vitestTask } from './check/vitest-task.ts';
import { prepareDeploymentTools } from './deployment/tools/prepare-deployment-tools.ts';
import { Progress } from './start/progress.ts';
import { Trouble } from './start/trouble.ts';
import { buildWebClient, isWebClientBuilt } from './start/web-client.ts';

const staticAtOnce = 2;

const stop = new AbortController();
endToolsWithUs(() => stop.abort());
const root = resolve(import.meta.dirname, '..');
const mark = randomUUID();
const progress = new Progress();
const reports: TaskReport[] = [];

async function runAll(tasks: readonly CheckTask[], atOnce: number): Promise<void> {
  const done = await runTasks(tasks, atOnce, (report) => process.stdout.write(describeFailure(report)));
  reports.push(...done);
}

function serverTests(name: string, project: string, environment: NodeJS.ProcessEnv): CheckTask {
  const onLine = (line: string): void => progress.say(line);
  return vitestTask({ name, projects: [project], root, environment, onLine });
}

async function main(): Promise<void> {
  const environment: NodeJS.ProcessEnv = { ...process.env, [runMarkVariable]: mark };
  await runAll(staticTasks(root, environment), staticAtOnce);
  let found: Readonly<Record<string, string>> = {};
  const prepare: CheckTask = {
    name: 'browser, server, tools and models',
    async run() {
      try {
        found = {
          ...(await prepareDeploymentTools(root, environment, progress)),
          ...(await prepareTests({ root, environment, needsBrowser: true, progress, signal: stop.signal })),
        };
        return { passed: 1, failed: 0, details: '' };
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        return { passed: 0, failed: 1, details: error.message };
      }
    },
  };
  const build: CheckTask = {
    name: 'build of the web client',
    async run() {
      if (!isWebClientBuilt(root)) await progress.step('Building the web client', () => buildWebClient(root));
      return { passed: 1, failed: 0, details: '' };
    },
  };
  await runAll([prepare, build], 1);
  const complete = { ...environment, ...found };
  const randomRooms = serverTests('random rooms', 'property', environment);
  await runAll([randomRooms, serverTests('tests with servers', 'integration', complete)], 2);
  const sideBySide = [
    serverTests('tests of the product: tools', 'e2e-tools', complete),
    serverTests('tests of the product: engines', 'e2e-engines', complete),
  ];
  await runAll(sideBySide, 2);
  await runAll([serverTests('tests of the product', 'e2e', complete)], 1);
  await runAll([leftoverTask(mark)], 1);
}

await main();
// Once more at the end: who reads only the last lines sees what failed.
process.stdout.write(reports.map(describeFailure).join(''));
process.stdout.write(`\n${summaryTable(reports)}\n${closingLine(reports)}\n`);
process.exit(exitCodeOf(reports));
