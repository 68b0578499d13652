import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@sophy/telemetry/logger';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogueModel } from '../../../../scripts/models/catalogue-model.ts';
import {
  hubFile,
  openScriptedHub,
  type ScriptedFile,
  type ScriptedHub,
} from '../../../../scripts/models/scripted-hub.ts';
import { ModelDownloads, type ModelDownloadsOptions } from './model-downloads.ts';

const content = Buffer.from('weights '.repeat(50_000));
let directory: string;
let hub: ScriptedHub | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-downloads-'));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(directory, { recursive: true });
});

function brain(id = 'small-brain', pin?: string): CatalogueModel {
  return {
    kind: 'llm',
    id,
    title: 'Small brain',
    license: 'MIT',
    demo: false,
    recipes: [
      {
        source: 'hub',
        pieces: [hubFile('model.gguf', content, pin)],
        assembly: { kind: 'as-is' },
        files: [{ name: 'model.gguf', sha256: undefined }],
        diskBytes: content.length,
      },
    ],
  };
}

async function downloads(
  file: Omit<ScriptedFile, 'content'> = {},
  options: Partial<ModelDownloadsOptions> = {},
) {
  hub = await openScriptedHub({ 'model.gguf': { content, ...file } });
  const installed: string[] = [];
  const made = new ModelDownloads({
    directory,
    source: 'auto',
    hubUrl: hub.baseUrl,
    logger: createLogger({ service: 'test', level: 'silent' }),
    onInstalled: async ({ id }) => void installed.push(id),
    ...options,
  });
  return { downloads: made, installed, hub };
}

async function over(made: ModelDownloads, id = 'small-brain'): Promise<string> {
  await vi.waitFor(() => expect(made.isRunning(id)).toBe(false), { interval: 5, timeout: 5_000 });
  return made.stateOf(id)?.message ?? '';
}

const inPlace = () => join(directory, 'small-brain', 'model.gguf');

describe('ModelDownloads', () => {
  it('puts a model in place and says when', async () => {
    const { downloads: made, installed } = await downloads();
    await made.start(brain());
    expect(made.stateOf('small-brain')).toMatchObject({ isOver: false, message: '' });
    expect(await over(made)).toBe('');
    expect(installed).toEqual(['small-brain']);
    expect((await readFile(inPlace())).equals(content)).toBe(true);
    expect((await readdir(directory)).toSorted()).toEqual(['.pieces', 'manifest.json', 'small-brain']);
  });

  it('goes on after a cut connection where it ended', async () => {
    const { downloads: made, installed, hub: server } = await downloads({ breakAfterBytes: 100_000 });
    await made.start(brain());
    expect(await over(made)).toContain('what came is kept');
    expect(made.stateOf('small-brain')).toMatchObject({ isOver: true, phase: 'failed' });
    expect(existsSync(inPlace())).toBe(false);
    await made.start(brain());
    expect(await over(made)).toBe('');
    expect(installed).toEqual(['small-brain']);
    expect(server.requests.at(-1)).toMatch(/^GET model.gguf bytes=[1-9]\d*-$/);
  });

  it('refuses another content than the one that was published', async () => {
    const { downloads: made, installed } = await downloads({ damagedTimes: 2 });
    await made.start(brain());
    expect(await over(made)).toContain('both copies were deleted');
    expect(installed).toEqual([]);
    expect(existsSync(inPlace())).toBe(false);
  });

  it('asks for space before it downloads anything', async () => {
    const { downloads: made, hub: server } = await downloads({}, { freeDiskBytes: async () => 1_000 });
    await made.start(brain());
    expect(await over(made)).toContain('free disk space');
    expect(server.requests.filter((request) => request.startsWith('GET'))).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('says that the hub cannot be reached, and leaves nothing', async () => {
    const { downloads: made, hub: server } = await downloads();
    await server.close();
    hub = undefined;
    await made.start(brain());
    expect(await over(made)).toMatch(/public hub .* cannot be reached/);
    expect(await readdir(directory)).toEqual([]);
  });

  it('fetches one at a time, and stops when it is told to', async () => {
    const { downloads: made } = await downloads();
    await made.start(brain());
    await expect(made.start(brain('other-brain'))).rejects.toMatchObject({ code: 'conflict', status: 409 });
    // Asking for the same again changes nothing.
    await made.start(brain());
    await made.stop('small-brain');
    expect(made.stateOf('small-brain')).toBeUndefined();
    expect(existsSync(inPlace())).toBe(false);
  });

  it('says that the model directory cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    const { downloads: made } = await downloads({}, { directory: join(directory, 'file', 'models') });
    await expect(made.start(brain())).rejects.toThrow(/cannot be written/);
  });
});
