/** The end of every check: a table of what ran, and one closing line. Pure. */
import type { TaskReport } from './check-task.ts';

/** One line a task: name, counts, seconds. */
export function summaryTable(reports: readonly TaskReport[]): string {
  const width = Math.max(...reports.map((report) => report.name.length));
  return reports
    .map((report) => {
      const counts = `${String(report.passed).padStart(5)} passed ${String(report.failed).padStart(4)} failed`;
      const seconds = `${(report.durationMs / 1000).toFixed(1)} s`.padStart(9);
      return `${report.failed === 0 ? '✓' : '✗'} ${report.name.padEnd(width)} ${counts} ${seconds}`;
    })
    .join('\n');
}

/** `N passed, N failed`, over all tasks. */
export function closingLine(reports: readonly TaskReport[]): string {
  const { passed, failed } = total(reports);
  return `${passed} passed, ${failed} failed`;
}

/** 0 only when something ran and nothing failed. */
export function exitCodeOf(reports: readonly TaskReport[]): 0 | 1 {
  const { passed, failed } = total(reports);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function total(reports: readonly TaskReport[]): { passed: number; failed: number } {
  return reports.reduce(
    (sum, report) => ({ passed: sum.passed + report.passed, failed: sum.failed + report.failed }),
    { passed: 0, failed: 0 },
  );
}

/** What a person needs to see of a task that failed; empty for one that passed. */
export function describeFailure(report: TaskReport): string {
  return report.failed === 0 ? '' : `\n✗ ${report.name}\n${report.details}\n\n`;
}
