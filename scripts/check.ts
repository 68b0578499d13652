/**
 * `npm run check`: everything that needs no server, in under a minute. Run it before each commit.
 *
 *   npm run check
 */
import { resolve } from 'node:path';
import { runTasks } from './check/check-task.ts';
import { endToolsWithUs } from './check/interruption.ts';
import { staticTasks } from './check/static-tasks.ts';
import { closingLine, describeFailure, exitCodeOf, summaryTable } from './check/summary.ts';

/** More at once only makes each slower on the usual two cores. */
const atOnce = 2;

endToolsWithUs();
const root = resolve(import.meta.dirname, '..');
const reports = await runTasks(staticTasks(root, process.env), atOnce, (report) => {
  process.stdout.write(describeFailure(report));
});
process.stdout.write(`${summaryTable(reports)}\n${closingLine(reports)}\n`);
process.exit(exitCodeOf(reports));
