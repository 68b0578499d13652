import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest, StoredModel } from '@sophy/contracts/model-manifest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { modelCatalogue } from '../../../../scripts/models/model-catalogue.ts';
import { ModelLibrary } from './model-library.ts';

let directory: string;
let library: ModelLibrary;

const file = { name: '../weights', bytes: 1, sha256: '0'.repeat(64) };
function stored(id: string) {
  return { id, title: id, license: 'MIT', source: 'hub' as const, directory: id, files: [file], recipe: '' };
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-library-'));
  const models: StoredModel[] = [
    { kind: 'llm', demo: true, ...stored('gemma-3-270m-demo-brain') },
    {
      kind: 'stt',
      family: 'streaming-transducer',
      languages: ['en'],
      ...stored('zipformer-en-20m-streaming'),
    },
    { kind: 'stt', family: 'whisper', languages: ['en'], ...stored('whisper-tiny.en') },
    { kind: 'stt', family: 'whisper', languages: [], ...stored('whisper-base') },
  ];
  const manifest: ModelManifest = { version: 1, models, missing: [] };
  await writeFile(join(directory, 'weights'), 'x');
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  library = new ModelLibrary(directory, modelCatalogue);
  await library.refresh();
});
afterEach(() => rm(directory, { recursive: true }));

it.each([
  [undefined, 'whisper-base'],
  ['', 'whisper-base'],
  ['whisper-1', 'whisper-base'],
  ['base', 'whisper-base'],
  ['tiny.en', 'whisper-tiny.en'],
  ['zipformer-en-20m-streaming', 'zipformer-en-20m-streaming'],
])('means by %s the model %s', (asked, id) => {
  expect(library.choose('stt', asked).id).toBe(id);
});

it('never takes a streaming recognizer by default, whatever else there is', async () => {
  await library.remove('whisper-base');
  await library.remove('whisper-tiny.en');
  expect(() => library.choose('stt', undefined)).toThrow(/No speech recognition model is installed/);
});

it('takes the demo brain only where there is no other', () => {
  expect(library.choose('llm', undefined).id).toBe('gemma-3-270m-demo-brain');
});

it('tells an unknown model from one that could be fetched', () => {
  expect(() => library.choose('stt', 'small')).toThrow(
    expect.objectContaining({ code: 'model_not_installed', status: 409 }),
  );
  expect(() => library.choose('stt', 'nova-3')).toThrow(
    expect.objectContaining({ code: 'model_not_found', status: 404 }),
  );
  // A voice is no recognizer.
  expect(() => library.choose('stt', 'kokoro-multi-lang-v1_0')).toThrow(/There is no speech recognition/);
});
