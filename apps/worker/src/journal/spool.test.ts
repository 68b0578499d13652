import nodeFs, { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callIdSchema } from '@sophy/contracts/ids';
import { createLogger } from '@sophy/telemetry/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseSpool, spooledAgents } from './adopt-spools.ts';
import { Spool, type SpoolFiles, spoolFileName } from './spool.ts';
import { encodeSpoolLine } from './spool-record.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const job = { callId: callIdSchema.parse('0b9d4d0e-6d5e-4c7c-9d51-6a3f3c1a6f10'), epoch: 3 };
let directory: string;
let waiting: string[];
let failures: number;
let nowMs: number;

beforeEach(() => {
  vi.useFakeTimers();
  directory = join(mkdtempSync(join(tmpdir(), 'sophy-spool-')), 'spool');
  waiting = [];
  failures = 0;
  nowMs = 0;
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

function openSpool(files?: Partial<SpoolFiles>): Spool {
  return new Spool({
    directory,
    job,
    waiting: () => waiting,
    onFailure: () => {
      failures += 1;
    },
    logger,
    now: () => nowMs,
    files: { ...nodeFs, ...files },
  });
}

function line(seq: number): string {
  return encodeSpoolLine({
    entry: { seq, atMs: seq, event: { type: 'speaker-leave', speaker: `è-${seq}` } },
  });
}

function write(spool: Spool, seq: number): void {
  waiting.push(line(seq));
  spool.write(line(seq));
}

const path = () => join(directory, spoolFileName(job));
const seqs = () => parseSpool(readFileSync(path(), 'utf8')).entries.map(({ seq }) => seq);

test('a line is on the disk when write returns, for this account alone, under the name of call and epoch', async () => {
  const spool = openSpool();
  write(spool, 1);
  write(spool, 2);
  expect(readFileSync(path(), 'utf8')).toBe(line(1) + line(2));
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(await spooledAgents(directory)).toEqual([job]);
  spool.close();
});

test('half a line at the end is no damage; a line that was changed is, and the others are read', () => {
  const whole = [1, 2, 3].map(line).join('');
  for (let cut = 0; cut <= Buffer.byteLength(whole); cut += 1) {
    const { entries, damagedLines } = parseSpool(Buffer.from(whole).subarray(0, cut).toString());
    expect(damagedLines).toBe(0);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3].slice(0, entries.length));
  }
  const changed = parseSpool(line(1) + line(2).replace('speaker', 'spaeker') + line(3));
  expect(changed.entries.map(({ seq }) => seq)).toEqual([1, 3]);
  expect(changed.damagedLines).toBe(1);
});

test('a full disk is told once, costs no exception, and gets everything that waits when it has room again', () => {
  let isFull = false;
  const write3 = vi.fn((descriptor: number, bytes: Uint8Array, from: number, length: number) => {
    if (!isFull) return nodeFs.writeSync(descriptor, bytes, from, length);
    // As a disk does it: a part fits.
    if (length > 5) return nodeFs.writeSync(descriptor, bytes, from, 5);
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
  const spool = openSpool({ writeSync: write3 as unknown as SpoolFiles['writeSync'] });
  write(spool, 1);
  isFull = true;
  for (const seq of [2, 3, 4]) write(spool, seq);
  expect(failures).toBe(1);
  expect(readFileSync(path(), 'utf8')).toBe(line(1));
  nowMs += 1_000;
  write(spool, 5);
  expect(failures).toBe(2);
  isFull = false;
  nowMs += 1_000;
  write(spool, 6);
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(parseSpool(readFileSync(path(), 'utf8')).damagedLines).toBe(0);
  spool.close();
});

test('a directory that cannot be made is a failure like any other', () => {
  const parent = join(directory, '..');
  rmSync(parent, { recursive: true });
  writeFileSync(parent, 'a file where the folder should be');
  const spool = openSpool();
  write(spool, 1);
  expect(failures).toBe(1);
  spool.remove();
});

test('a file that was adopted while its agent lives is begun anew with what waits', async () => {
  const spool = openSpool();
  write(spool, 1);
  waiting = [];
  write(spool, 2);
  rmSync(path());
  await vi.advanceTimersByTimeAsync(200);
  expect(seqs()).toEqual([2]);
  write(spool, 3);
  expect(seqs()).toEqual([2, 3]);
  spool.remove();
  expect(readdirSync(directory)).toEqual([]);
});

test('a long call does not grow its file without bound', () => {
  const spool = openSpool();
  for (let seq = 1; seq <= 12_000; seq += 1) spool.write(line(1));
  write(spool, 1);
  expect(statSync(path()).size).toBeGreaterThan(1_000_000);
  spool.allStored();
  expect(statSync(path()).size).toBe(0);
  write(spool, 2);
  expect(seqs()).toEqual([2]);
  spool.close();
});
