import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeProblems, readStartEnvironment } from './read-environment.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sophy-env-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('environment of npm start', () => {
  test('needs nothing', () => {
    expect(readStartEnvironment(root, {})).toMatchObject({ ok: true, environment: { WEB_PORT: 8080 } });
  });

  test('.env fills in what the shell does not say', () => {
    writeFileSync(join(root, '.env'), 'WEB_PORT=9000\nLOG_LEVEL="debug"\n');
    expect(readStartEnvironment(root, { WEB_PORT: '9100' })).toMatchObject({
      ok: true,
      environment: { WEB_PORT: 9100, LOG_LEVEL: 'debug' },
    });
  });

  test('every problem is named at once', () => {
    const result = readStartEnvironment(root, {
      WEB_PORT: 'eighty',
      LOG_LEVEL: 'loud',
      SECRETS_KEY: 'short',
    });
    if (result.ok) throw new Error('accepted');
    expect([...new Set(result.problems.map((problem) => problem.variable))].sort()).toEqual([
      'LOG_LEVEL',
      'SECRETS_KEY',
      'WEB_PORT',
    ]);
    expect(describeProblems(result.problems)).toContain('  WEB_PORT: ');
  });
});
