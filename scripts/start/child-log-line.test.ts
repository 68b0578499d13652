import { describe, expect, test } from 'vitest';
import { terminalLine } from './child-log-line.ts';

describe('what of a log is shown at the terminal', () => {
  test.each([
    ['{"level":"info","msg":"ready"}', undefined],
    ['{"level":"warn","msg":"database lost"}', '[api] warn: database lost'],
    ['{"level":40,"msg":"slow"}', '[api] warn: slow'],
    ['{"level":60,"msg":"gone"}', '[api] error: gone'],
    [
      '{"level":"error","msg":"no answer","error":{"message":"ECONNREFUSED"}}',
      '[api] error: no answer: ECONNREFUSED',
    ],
    ['{"level":"error","msg":"no answer","error":"timeout"}', '[api] error: no answer: timeout'],
    ['{"level":"WARNING","message":"old"}', '[api] warn: old'],
    ['{"level":"warn"}', undefined],
    ['{"msg":"no level"}', undefined],
    ['plain words', undefined],
    ['{broken', undefined],
  ])('%s', (line, shown) => {
    expect(terminalLine('api', line, 'warn')).toBe(shown);
  });

  test('a program that warns of everything shows its errors only', () => {
    expect(terminalLine('livekit-server', '{"level":"warn","msg":"left"}', 'error')).toBeUndefined();
    expect(terminalLine('livekit-server', '{"level":"error","msg":"lost"}', 'error')).toContain('lost');
  });
});
