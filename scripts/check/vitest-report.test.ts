import { describe, expect, test } from 'vitest';
import { readVitestReport } from './vitest-report.ts';

type FileReport = { name: string; status: string; message?: string; assertionResults: object[] };

function report(files: FileReport[], counts: Partial<Record<string, number>> = {}): string {
  return JSON.stringify({
    numTotalTests: 0,
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    ...counts,
    testResults: files,
  });
}
const passed = { fullName: 'a passes', status: 'passed', failureMessages: [] };
const failed = { fullName: 'b fails', status: 'failed', failureMessages: ['expected 1 to be 2'] };

describe('report of vitest', () => {
  test('counts passed and failed tests and names the failed ones', () => {
    const file = { name: '/repo/x.test.ts', status: 'failed', assertionResults: [passed, failed] };
    const json = report([file], { numTotalTests: 2, numPassedTests: 1, numFailedTests: 1 });
    expect(readVitestReport(json, 1, '/repo')).toEqual({
      passed: 1,
      failed: 1,
      details: 'x.test.ts › b fails: failed\n    expected 1 to be 2',
    });
  });

  test('a file that cannot be loaded counts as a failure', () => {
    const file = {
      name: '/repo/x.test.ts',
      status: 'failed',
      message: 'no such module',
      assertionResults: [],
    };
    const outcome = readVitestReport(report([file]), 1, '/repo');
    expect(outcome).toMatchObject({ passed: 0, failed: 1, details: 'x.test.ts: no such module' });
  });

  test('a skipped test counts as a failure', () => {
    const skipped = { fullName: 'c', status: 'skipped', failureMessages: [] };
    const file = { name: '/repo/x.test.ts', status: 'passed', assertionResults: [passed, skipped] };
    const json = report([file], { numTotalTests: 2, numPassedTests: 1, numPendingTests: 1 });
    expect(readVitestReport(json, 0, '/repo')).toMatchObject({ passed: 1, failed: 1 });
  });

  test('a run of nothing is a failure', () => {
    expect(readVitestReport(report([]), 0, '/repo')).toMatchObject({ passed: 0, failed: 1 });
  });

  test('an error outside of any test is a failure', () => {
    const file = { name: '/repo/x.test.ts', status: 'passed', assertionResults: [passed] };
    const json = report([file], { numTotalTests: 1, numPassedTests: 1 });
    expect(readVitestReport(json, 1, '/repo')).toMatchObject({ passed: 1, failed: 1 });
  });
});
