import { describe, expect, test } from 'vitest';
import { closingWords, describeFindings, type Finding } from './finding.ts';

const findings: Finding[] = [
  { part: 'Node', state: 'fine', message: '24.21.0' },
  { part: 'database', state: 'broken', message: 'DATABASE_URL: refused', fix: 'Start that Postgres.' },
];

describe('what the doctor says', () => {
  test('each part has its line, and its fix below it', () => {
    expect(describeFindings(findings).split('\n')).toEqual([
      '✓ Node      24.21.0',
      '✗ database  DATABASE_URL: refused',
      '            → Start that Postgres.',
    ]);
  });

  test('the last line counts', () => {
    expect(closingWords(findings)).toBe('2 parts looked at, 1 broken');
    expect(closingWords(findings.slice(0, 1))).toBe('1 parts looked at, none broken');
  });
});
