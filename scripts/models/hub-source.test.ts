import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadHubFile, isHubReachable } from './hub-source.ts';
import { hubFile, openScriptedHub, type ScriptedFile, type ScriptedHub, sha256 } from './scripted-hub.ts';

const content = Buffer.from('weights '.repeat(50_000));
const never = new AbortController().signal;
let directory: string;
let hub: ScriptedHub | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-hub-'));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(directory, { recursive: true });
});

async function serve(file: Omit<ScriptedFile, 'content'> = {}): Promise<ScriptedHub> {
  hub = await openScriptedHub({ 'model.bin': { content, ...file } });
  return hub;
}

function download(from: ScriptedHub, pin: string | undefined = sha256(content), received: number[] = []) {
  return downloadHubFile(from, { ...hubFile('model.bin', content), sha256: pin }, directory, {
    signal: never,
    onReceived: (bytes) => received.push(bytes),
  });
}

describe('downloadHubFile', () => {
  it('brings a pinned file and tells its progress', async () => {
    const received: number[] = [];
    await download(await serve(), undefined, received);
    expect((await readFile(join(directory, 'model.bin'))).equals(content)).toBe(true);
    expect(received.at(-1)).toBe(content.length);
    expect(await readdir(directory)).toEqual(['model.bin']);
  });

  it('goes on where a broken download ended', async () => {
    const server = await serve({ breakAfterBytes: 100_000 });
    await expect(download(server)).rejects.toMatchObject({ code: 'network', isRetryable: true });
    const [part] = await readdir(directory);
    expect(part).toBe('model.bin.part');
    await download(server);
    expect((await readFile(join(directory, 'model.bin'))).equals(content)).toBe(true);
    expect(server.requests.at(-1)).toMatch(/^GET model.bin bytes=[1-9]\d*-$/);
  });

  it('takes a part that is whole already', async () => {
    await writeFile(join(directory, 'model.bin.part'), content);
    await download(await serve());
    expect(existsSync(join(directory, 'model.bin'))).toBe(true);
  });

  it('fetches a damaged file once more', async () => {
    const server = await serve({ damagedTimes: 1 });
    await download(server);
    expect(server.requests.filter((request) => request.startsWith('GET'))).toHaveLength(2);
  });

  it('throws away what is damaged twice, and says so', async () => {
    const server = await serve({ damagedTimes: 2 });
    await expect(download(server)).rejects.toMatchObject({ code: 'checksum-mismatch' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not download another file than the pinned one', async () => {
    const server = await serve({ etag: 'f'.repeat(64) });
    await expect(download(server)).rejects.toMatchObject({ code: 'not-published' });
    expect(server.requests).toEqual(['HEAD model.bin']);
  });

  it('checks against the published checksum where no pin is held', async () => {
    const server = await serve({ etag: 'f'.repeat(64) });
    const unpinned = { ...hubFile('model.bin', content), sha256: undefined };
    const options = { signal: never, onReceived: () => undefined };
    await expect(downloadHubFile(server, unpinned, directory, options)).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
  });

  it('refuses a file without pin and published checksum', async () => {
    const server = await serve({ etag: 'unknown' });
    const unpinned = { ...hubFile('model.bin', content), sha256: undefined };
    const options = { signal: never, onReceived: () => undefined };
    await expect(downloadHubFile(server, unpinned, directory, options)).rejects.toMatchObject({
      code: 'not-published',
    });
  });
});

describe('isHubReachable', () => {
  it('believes a server with the headers of the hub', async () => {
    expect(await isHubReachable(await serve(), hubFile('model.bin', content), never)).toBe(true);
  });

  it('does not believe a server without the file, nor a closed port', async () => {
    const server = await serve();
    expect(await isHubReachable(server, hubFile('other.bin', content), never)).toBe(false);
    await server.close();
    hub = undefined;
    expect(await isHubReachable(server, hubFile('model.bin', content), never)).toBe(false);
  });
});
