import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RotatingLog } from './rotating-log.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sophy-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (): string => join(directory, 'api.log');
const read = (path: string): string => readFileSync(path, 'utf8');

test('a full log moves on, and only the newest files are kept', () => {
  const log = new RotatingLog(file(), 10);
  for (const line of ['first', 'second', 'third', 'fourth', 'fifth']) log.writeLine(line);
  log.close();
  expect(readdirSync(directory).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2']);
  expect([read(file()), read(`${file()}.1`), read(`${file()}.2`)]).toEqual([
    'fifth\n',
    'fourth\n',
    'third\n',
  ]);
});

test('a log of an earlier start is continued and counted', () => {
  const first = new RotatingLog(file(), 12);
  first.writeLine('before');
  first.close();
  const second = new RotatingLog(file(), 12);
  second.writeLine('now');
  second.writeLine('later');
  second.close();
  expect([read(`${file()}.1`), read(file())]).toEqual(['before\nnow\n', 'later\n']);
});

test('a line longer than the limit is kept whole', () => {
  const log = new RotatingLog(file(), 10);
  log.writeLine('a line that is longer than ten bytes');
  log.close();
  expect(readdirSync(directory)).toEqual(['api.log']);
});
