import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSecretsKey } from './secrets-key.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'sophy-key-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

describe('secrets key', () => {
  test('is made once, readable by its owner only, and nothing else is left', () => {
    const first = readSecretsKey({ configured: undefined, dataDirectory });
    expect(first).toHaveLength(32);
    expect(readSecretsKey({ configured: undefined, dataDirectory }).equals(first)).toBe(true);
    expect(readdirSync(dataDirectory)).toEqual(['secrets.key']);
    expect(statSync(join(dataDirectory, 'secrets.key')).mode & 0o777).toBe(0o600);
  });

  test('a configured key wins and makes no file', () => {
    const configured = Buffer.alloc(32, 7).toString('base64');
    expect(readSecretsKey({ configured, dataDirectory })).toEqual(Buffer.alloc(32, 7));
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  test('a damaged file is named, not replaced', () => {
    writeFileSync(join(dataDirectory, 'secrets.key'), 'short');
    expect(() => readSecretsKey({ configured: undefined, dataDirectory })).toThrow(
      'secrets.key does not hold',
    );
  });
});
