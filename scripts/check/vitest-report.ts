/** Reads the JSON report of vitest into one count and the names of what failed. Pure. */
import { z } from 'zod';
import type { TaskOutcome } from './check-task.ts';

const reportSchema = z.object({
  numTotalTests: z.number().int(),
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  numPendingTests: z.number().int(),
  numTodoTests: z.number().int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Counts every test once. What is not a passed test is a failed one: a file that cannot be loaded, a test that is
 * skipped or left for later, a run of no tests at all, and an error outside of any test (exit code ≠ 0 with no failure).
 */
export function readVitestReport(json: string, exitCode: number, root: string): TaskOutcome {
  const report = reportSchema.parse(JSON.parse(json));
  const lines: string[] = [];
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status === 'passed'),
  );
  for (const file of report.testResults) {
    const path = file.name.startsWith(root) ? file.name.slice(root.length + 1) : file.name;
    if (unloadable.includes(file)) lines.push(`${path}: ${file.message ?? 'could not be loaded'}`);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') continue;
      lines.push(`${path} › ${test.fullName}: ${test.status}`);
      for (const message of test.failureMessages ?? []) lines.push(indent(message));
    }
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  let failed = report.numFailedTests + skipped + unloadable.length;
  if (report.numTotalTests === 0 && failed === 0) {
    lines.push('No test ran at all.');
    failed = 1;
  }
  if (exitCode !== 0 && failed === 0) {
    lines.push(
      `vitest ended with ${exitCode} although every test passed: an error was thrown outside of a test.`,
    );
    failed = 1;
  }
  return { passed: report.numPassedTests, failed, details: lines.join('\n') };
}

function indent(text: string): string {
  return text
    .split('\n')
    .slice(0, 30)
    .map((line) => `    ${line}`)
    .join('\n');
}
