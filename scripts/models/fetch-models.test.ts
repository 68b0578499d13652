import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FetchModelsOptions, type FetchProgress, fetchModels } from './fetch-models.ts';
import type { ModelNeed } from './model-catalogue.ts';
import { hubFile, openScriptedHub, type ScriptedHub, sha256 } from './scripted-hub.ts';

const content = Buffer.from('brain '.repeat(1_000));
let directory: string;
let hub: ScriptedHub;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-models-'));
  hub = await openScriptedHub({ 'model.gguf': { content } });
});
afterEach(async () => {
  await hub.close();
  await rm(directory, { recursive: true });
});

function brain(options: { pin?: string; optional?: boolean } = {}): ModelNeed {
  return {
    name: 'language model',
    optional: options.optional ?? false,
    candidates: [
      {
        kind: 'llm',
        id: 'test-brain',
        title: 'Test brain',
        license: 'none',
        demo: false,
        recipes: [
          {
            source: 'hub',
            pieces: [hubFile('model.gguf', content)],
            assembly: { kind: 'as-is' },
            files: [{ name: 'model.gguf', sha256: options.pin ?? sha256(content) }],
            diskBytes: 1_000,
          },
        ],
      },
    ],
  };
}

function run(options: Partial<FetchModelsOptions> = {}) {
  return fetchModels({
    directory,
    source: 'auto',
    languages: ['en'],
    onProgress: () => undefined,
    signal: new AbortController().signal,
    hubUrl: hub.baseUrl,
    needs: [brain()],
    ...options,
  });
}

describe('fetchModels', () => {
  it('puts a model and its manifest in place', async () => {
    const phases: FetchProgress['phase'][] = [];
    const manifest = await run({ onProgress: ({ phase }) => phases.push(phase) });
    expect(manifest.models).toMatchObject([
      {
        id: 'test-brain',
        source: 'hub',
        files: [{ name: 'model.gguf', bytes: content.length, sha256: sha256(content) }],
      },
    ]);
    expect((await readFile(join(directory, 'test-brain', 'model.gguf'))).equals(content)).toBe(true);
    expect(new Set(phases)).toEqual(new Set(['downloading', 'assembling', 'ready']));
  });

  it('asks nobody on a second run', async () => {
    await run();
    const asked = hub.requests.length;
    expect((await run()).models).toHaveLength(1);
    expect(hub.requests).toHaveLength(asked);
  });

  it('fetches again what was deleted', async () => {
    await run();
    await rm(join(directory, 'test-brain'), { recursive: true });
    await run();
    expect((await readFile(join(directory, 'test-brain', 'model.gguf'))).equals(content)).toBe(true);
  });

  it('says that the hub cannot be reached', async () => {
    await expect(run({ hubUrl: 'http://127.0.0.1:9' })).rejects.toThrow(
      'No language model could be fetched. The public hub (http://127.0.0.1:9) cannot be reached from here.',
    );
  });

  it('notes an optional model that is missing, and does not ask for it at each start', async () => {
    const needs = [brain({ optional: true })];
    const manifest = await run({ hubUrl: 'http://127.0.0.1:9', needs });
    expect(manifest.missing).toMatchObject([{ id: 'language model' }]);
    await run({ needs });
    expect(hub.requests).toEqual([]);
    expect((await run({ needs, source: 'hub' })).missing).toEqual([]);
  });

  it('throws away what does not come out as pinned', async () => {
    await expect(run({ needs: [brain({ pin: 'f'.repeat(64) })] })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
    expect((await run()).models).toHaveLength(1);
  });

  it('fetches nothing when told so', async () => {
    expect((await run({ source: 'none' })).models).toEqual([]);
    expect(hub.requests).toEqual([]);
  });

  it('says how much disk space is missing', async () => {
    const [need] = [brain()];
    const candidates = need.candidates.map((model) => ({
      ...model,
      recipes: model.recipes.map((recipe) => ({ ...recipe, diskBytes: Number.MAX_SAFE_INTEGER })),
    }));
    await expect(run({ needs: [{ ...need, candidates }] })).rejects.toMatchObject({ code: 'disk-full' });
  });
});
