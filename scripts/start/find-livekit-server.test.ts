import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLivekitServer, type LivekitWay, livekitVersion } from './find-livekit-server.ts';

let directory = '';
let tried: string[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sophy-livekit-'));
  tried = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function program(...names: string[]): string {
  const file = join(directory, ...names);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

function way(name: string, outcome: 'made' | string): LivekitWay {
  return {
    name,
    async make(target) {
      tried.push(name);
      if (outcome !== 'made') throw new Error(outcome);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, '#!/bin/sh\n', { mode: 0o755 });
    },
  };
}

const find = (options: { program?: string; path?: string; ways?: readonly LivekitWay[] }): Promise<string> =>
  findLivekitServer({
    program: options.program,
    path: options.path ?? '/nowhere',
    toolsDirectory: join(directory, 'tools'),
    ways: options.ways ?? [],
    step: (_label, work) => work(() => undefined),
  });

const cached = (): string => join('tools', `livekit-server-${livekitVersion}`, 'livekit-server');

describe('finding livekit-server', () => {
  test('LIVEKIT_SERVER_BIN comes first', async () => {
    const named = program('named', 'livekit');
    program('path', 'livekit-server');
    expect(await find({ program: named, path: join(directory, 'path') })).toBe(named);
  });

  test('a wrong LIVEKIT_SERVER_BIN is said, and nothing else is tried', async () => {
    const attempt = find({ program: join(directory, 'missing'), ways: [way('release', 'made')] });
    await expect(attempt).rejects.toThrow('LIVEKIT_SERVER_BIN');
    expect(tried).toEqual([]);
  });

  test('PATH comes before the cache', async () => {
    const onPath = program('path', 'livekit-server');
    program(cached());
    expect(await find({ path: `/nowhere:${join(directory, 'path')}` })).toBe(onPath);
  });

  test('the cache comes before the network', async () => {
    const file = program(cached());
    expect(await find({ ways: [way('release', 'made')] })).toBe(file);
    expect(tried).toEqual([]);
  });

  test('the release comes before the build, and its program is kept', async () => {
    const ways = [way('release', 'made'), way('build', 'made')];
    expect(await find({ ways })).toBe(join(directory, cached()));
    expect(await find({ ways })).toBe(join(directory, cached()));
    expect(tried).toEqual(['release']);
    expect(existsSync(join(directory, cached()))).toBe(true);
  });

  test('the build is tried when the release fails', async () => {
    await find({ ways: [way('release', 'unreachable'), way('build', 'made')] });
    expect(tried).toEqual(['release', 'build']);
  });

  test('when no way leads there, each cause and each remedy is said', async () => {
    const attempt = find({ ways: [way('release', 'github.com cannot be reached'), way('build', 'no Go')] });
    const message = await attempt.then(
      () => 'found',
      (error: unknown) => String(error),
    );
    for (const part of [
      'github.com cannot be reached',
      'no Go',
      'PATH',
      'LIVEKIT_SERVER_BIN',
      'Go 1.26',
      'LIVEKIT_URL',
    ]) {
      expect(message).toContain(part);
    }
  });
});
