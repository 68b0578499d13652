import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { livekitRelease, publishedChecksum, releaseArchive } from './livekit-release.ts';

const archiveName = 'livekit_1.13.5_linux_amd64.tar.gz';
let directory = '';
let server: Server | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sophy-release-'));
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  server?.closeAllConnections();
  server?.close();
  if (server !== undefined) await once(server, 'close');
  server = undefined;
});

function archive(): Buffer {
  writeFileSync(join(directory, 'livekit-server'), 'the program');
  spawnSync('tar', ['-czf', 'archive.tar.gz', 'livekit-server'], { cwd: directory });
  rmSync(join(directory, 'livekit-server'));
  return readFileSync(join(directory, 'archive.tar.gz'));
}

async function serve(files: Readonly<Record<string, Buffer | string>>): Promise<string> {
  server = createServer((request, response) => {
    const content = files[(request.url ?? '').replace('/v1.13.5/', '')];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const make = (base: string): Promise<void> =>
  livekitRelease('linux', 'x64', base).make(join(directory, 'cache', 'livekit-server'), () => undefined);

describe('livekit-server from its release', () => {
  test('is unpacked when its checksum is the published one', async () => {
    const content = archive();
    const sum = createHash('sha256').update(content).digest('hex');
    const base = await serve({ 'checksums.txt': `${sum}  ${archiveName}\n`, [archiveName]: content });
    await make(base);
    expect(readFileSync(join(directory, 'cache', 'livekit-server'), 'utf8')).toBe('the program');
    expect(readdirSync(directory).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('is thrown away when its checksum is another', async () => {
    const sums = `${'0'.repeat(64)}  ${archiveName}\n`;
    const base = await serve({ 'checksums.txt': sums, [archiveName]: archive() });
    await expect(make(base)).rejects.toThrow('checksum');
    expect(existsSync(join(directory, 'cache'))).toBe(false);
  });

  test('says which file the server does not have', async () => {
    await expect(make(await serve({}))).rejects.toThrow('checksums.txt answers 404');
  });

  test('says that the server cannot be reached', async () => {
    await expect(make('http://127.0.0.1:9')).rejects.toThrow('127.0.0.1:9 cannot be reached');
  });

  test.each([
    ['linux', 'x64', archiveName],
    ['linux', 'arm64', 'livekit_1.13.5_linux_arm64.tar.gz'],
  ])('for %s %s is %s', (platform, architecture, name) => {
    expect(releaseArchive(platform, architecture)).toBe(name);
  });

  test('has no program for macOS', () => {
    expect(() => releaseArchive('darwin', 'arm64')).toThrow('no program for darwin arm64');
  });

  test('refuses a list of checksums that does not name the file', () => {
    const sums = `${'a'.repeat(64)}  other.tar.gz\n${'b'.repeat(64)}  ${archiveName}\n`;
    expect(publishedChecksum(sums, archiveName)).toBe('b'.repeat(64));
    expect(() => publishedChecksum(sums, 'livekit.zip')).toThrow('names no sha256');
  });
});
