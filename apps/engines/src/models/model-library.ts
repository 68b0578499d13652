/** Which models there are: those of the model directory, and those of the catalogue that could be fetched into it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, StoredModel } from '@sophy/contracts/model-manifest';
import type { CatalogueModel } from '../../../../scripts/models/catalogue-model.ts';
import { readManifest, writeManifest } from '../../../../scripts/models/model-store.ts';
import { EngineError } from '../engine-error.ts';

export type ServingModel = Exclude<StoredModel, { kind: 'phonemes' }>;
export type ModelKind = ServingModel['kind'];

/** Names of OpenAI's own models, which programs send when nothing is set: they mean the default. */
const openAiNames: Readonly<Record<ModelKind, readonly string[]>> = {
  stt: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'],
  tts: ['tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'],
  llm: [],
};

const nouns: Readonly<Record<ModelKind, string>> = {
  stt: 'speech recognition model',
  tts: 'voice model',
  llm: 'language model',
};

export class ModelLibrary {
  readonly directory: string;
  readonly catalogue: readonly CatalogueModel[];
  private manifest: ModelManifest = { version: 1, models: [], missing: [] };

  constructor(directory: string, catalogue: readonly CatalogueModel[]) {
    this.directory = directory;
    this.catalogue = catalogue;
  }

  /** Reads the manifest again, after something was put in place. */
  async refresh(): Promise<void> {
    this.manifest = await readManifest(this.directory);
  }

  /** Models of a kind in place: those that a machine needs first, in the order of the catalogue. */
  installed<Kind extends ModelKind>(kind: Kind): readonly Extract<ServingModel, { kind: Kind }>[] {
    const order = this.catalogue.map((model) => model.id);
    return this.manifest.models
      .filter((model): model is Extract<ServingModel, { kind: Kind }> => model.kind === kind)
      .toSorted((one, other) => rank(order, one.id) - rank(order, other.id));
  }

  /** Whether a name means one model, and not whatever serves by default. */
  isNameOf(kind: ModelKind, name: string): boolean {
    return name !== '' && !openAiNames[kind].includes(name);
  }

  /** Whether a model goes by this name. */
  isInstalled(name: string): boolean {
    return this.manifest.models.some((model) => isNamed(model, name));
  }

  get phonemes(): StoredModel | undefined {
    return this.manifest.models.find((model) => model.kind === 'phonemes');
  }

  get all(): readonly StoredModel[] {
    return this.manifest.models;
  }

  pathOf(model: StoredModel): string {
    return join(this.directory, model.directory);
  }

  /** Why something that was wanted is not in place; empty when nobody knows. */
  missingReason(need: string): string {
    return this.manifest.missing.find((missing) => missing.id === need)?.reason ?? '';
  }

  /**
   * The model that serves requests without a name: the demo brain only when there is no other, and never a streaming
   * recognizer, which hears no files.
   */
  default<Kind extends ModelKind>(kind: Kind): Extract<ServingModel, { kind: Kind }> | undefined {
    const able = this.installed(kind).filter((model) => !isStreaming(model));
    return able.find((model) => !isDemo(model)) ?? able[0];
  }

  /**
   * The model that a request asks for by its id, or by the part after `whisper-` and the like; without a name, or with
   * one of OpenAI's, the default.
   * Throws `EngineError`: not_ready without any, model_not_installed, or model_not_found with what there is.
   */
  choose<Kind extends ModelKind>(
    kind: Kind,
    asked: string | undefined,
  ): Extract<ServingModel, { kind: Kind }> {
    const name = asked?.trim() ?? '';
    const installed = this.installed(kind);
    if (name === '' || openAiNames[kind].includes(name)) {
      const model = this.default(kind);
      if (model !== undefined) return model;
      throw new EngineError('not_ready', `No ${nouns[kind]} is installed. ${this.advice(kind)}`);
    }
    const found = installed.find((model) => isNamed(model, name));
    if (found !== undefined) return found;
    const known = this.catalogue.find((model) => model.kind === kind && isNamed(model, name));
    if (known !== undefined) {
      throw new EngineError(
        'model_not_installed',
        `${known.title} (${known.id}) is not installed. Fetch it with POST /v1/models/${known.id}/download, or with node scripts/models/main.ts --model ${known.id}. ${listed('Installed', installed)}`,
      );
    }
    throw new EngineError(
      'model_not_found',
      `There is no ${nouns[kind]} "${name}". ${listed('Installed', installed)} ${this.advice(kind)}`,
    );
  }

  /** Throws `EngineError` model_not_found. */
  catalogued(id: string): CatalogueModel {
    const found = this.catalogue.find((model) => model.id === id);
    if (found !== undefined) return found;
    throw new EngineError(
      'model_not_found',
      `The catalogue has no model "${id}". It has: ${this.catalogue.map((model) => model.id).join(', ')}.`,
    );
  }

  /** Deletes a model's files. The caller sees to it that nothing uses it. */
  async remove(id: string): Promise<void> {
    const current = await readManifest(this.directory);
    const model = current.models.find((candidate) => candidate.id === id);
    if (model === undefined) return;
    const rest = { ...current, models: current.models.filter((candidate) => candidate.id !== id) };
    await writeManifest(this.directory, rest);
    this.manifest = rest;
    await rm(this.pathOf(model), { recursive: true, force: true });
  }

  private advice(kind: ModelKind): string {
    const installable = this.catalogue
      .filter((model) => model.kind === kind && !this.manifest.models.some(({ id }) => id === model.id))
      .map((model) => model.id);
    if (installable.length === 0) return '';
    return `POST /v1/models/<id>/download fetches one of: ${installable.join(', ')}.`;
  }
}

/** `base` and `whisper-base` are the same. */
function isNamed(model: { readonly id: string }, name: string): boolean {
  return model.id === name || model.id === `whisper-${name}` || model.id === `piper-${name}`;
}

function listed(title: string, models: readonly { readonly id: string }[]): string {
  return `${title}: ${models.map((model) => model.id).join(', ') || 'none'}.`;
}

function rank(order: readonly string[], id: string): number {
  const index = order.indexOf(id);
  return index === -1 ? order.length : index;
}

function isStreaming(model: ServingModel): boolean {
  return model.kind === 'stt' && model.family === 'streaming-transducer';
}

function isDemo(model: ServingModel): boolean {
  return model.kind === 'llm' && model.demo;
}
