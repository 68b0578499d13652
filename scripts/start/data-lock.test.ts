import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeDataLock } from './data-lock.ts';
import { processIdentity } from './process-identity.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sophy-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lockFile = (): string => join(directory, 'start.lock');
/** The number of a process that has ended. */
const endedPid = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('lock of the data directory', () => {
  test('is refused while the start that holds it runs, and says how to stop it', async () => {
    const lock = await takeDataLock(directory);
    await expect(takeDataLock(directory)).rejects.toThrow(`process ${process.pid}`);
    lock.release();
    expect(existsSync(lockFile())).toBe(false);
  });

  test('is free again after its release', async () => {
    (await takeDataLock(directory)).release();
    const again = await takeDataLock(directory);
    again.release();
  });

  test('is taken over from a process that was killed', async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: endedPid(), identity: 'whatever' }));
    const lock = await takeDataLock(directory);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  test('is taken over when its process number now belongs to another program', async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, identity: 'an earlier process' }));
    (await takeDataLock(directory)).release();
  });

  test('is taken over when it was only half written', async () => {
    writeFileSync(lockFile(), '{"pid": 12');
    (await takeDataLock(directory)).release();
  });

  test('is taken by one of many that find the same stale lock', async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: endedPid(), identity: 'whatever' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeDataLock(directory)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  test('is not removed by a start that no longer holds it', async () => {
    const lock = await takeDataLock(directory);
    const other = { pid: process.pid, identity: 'a later process' };
    writeFileSync(lockFile(), JSON.stringify(other));
    lock.release();
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual(other);
  });
});

describe('process identity', () => {
  test('stays the same while a process runs', () => {
    expect(processIdentity(process.pid)).toBeTypeOf('string');
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
  });

  test('is another for another process, and none for one that has ended', () => {
    expect(processIdentity(process.ppid)).not.toBe(processIdentity(process.pid));
    expect(processIdentity(endedPid())).toBeUndefined();
  });
});
