/** The models as an operator sees them: what is there, what can be fetched, and fetching and deleting it. */
import type { LocalModel } from '@sophy/contracts/http-engines';
import type { StoredModel } from '@sophy/contracts/model-manifest';
import type { CatalogueModel } from '../../../../scripts/models/catalogue-model.ts';
import { EngineError } from '../engine-error.ts';
import type { ModelDownloads } from './model-downloads.ts';
import type { ModelLibrary, ServingModel } from './model-library.ts';

export type ModelShelfOptions = {
  readonly library: ModelLibrary;
  readonly downloads: ModelDownloads;
  /** Keys of the pools, which begin with the id of their model. */
  readonly loadedKeys: () => readonly string[];
  readonly isInUse: (key: string) => boolean;
  readonly unload: (key: string) => Promise<void>;
  /** Models came or went. */
  readonly onChanged: () => Promise<void>;
};

export class ModelShelf {
  private readonly options: ModelShelfOptions;
  private readonly createdSeconds = Math.floor(Date.now() / 1_000);

  constructor(options: ModelShelfOptions) {
    this.options = options;
  }

  /** Installed models first, then what the catalogue could bring. */
  list(): LocalModel[] {
    const { library } = this.options;
    const installed = library.all.filter((model): model is ServingModel => model.kind !== 'phonemes');
    const ids = new Set(installed.map(({ id }) => id));
    return [
      ...installed.map((model) => this.describeInstalled(model)),
      ...library.catalogue.filter(({ id }) => !ids.has(id)).map((model) => this.describeInstallable(model)),
    ];
  }

  /** Throws `EngineError` model_not_found. */
  describe(id: string): LocalModel {
    const found = this.list().find((model) => model.id === id);
    if (found !== undefined) return found;
    // Says what there is.
    return this.describeInstallable(this.options.library.catalogued(id));
  }

  /** Begins to fetch a model; of one that is there nothing happens. Throws `EngineError` model_not_found or conflict. */
  async download(id: string): Promise<LocalModel> {
    const { library, downloads } = this.options;
    const model = library.catalogued(id);
    if (!library.all.some((stored) => stored.id === id)) await downloads.start(model);
    return this.describe(id);
  }

  /**
   * Deletes a model, or ends its download.
   * Throws `EngineError` conflict when a request uses it or requests without a name need it; model_not_found.
   */
  async remove(id: string): Promise<void> {
    const { library, downloads, isInUse, unload, onChanged } = this.options;
    await downloads.stop(id);
    const model = library.all.find((stored) => stored.id === id);
    if (model === undefined) return void library.catalogued(id);
    const keys = this.keysOf(id);
    if (keys.some(isInUse)) {
      throw new EngineError('conflict', `${model.title} is in use now. Try again when no call uses it.`, {
        retryAfterSeconds: 10,
      });
    }
    if (model.kind === 'phonemes' || this.isDefault(model)) {
      throw new EngineError(
        'conflict',
        `${model.title} serves every request that names no other model. Install another one of its kind first, or it would only be fetched again at the next start.`,
      );
    }
    for (const key of keys) await unload(key);
    await library.remove(id);
    await onChanged();
  }

  /** A download has put a model in place. */
  async installed(): Promise<void> {
    await this.options.library.refresh();
    await this.options.onChanged();
  }

  close(): Promise<void> {
    return this.options.downloads.close();
  }

  private keysOf(id: string): readonly string[] {
    return this.options.loadedKeys().filter((key) => key === id || key.startsWith(`${id}:`));
  }

  private isDefault(model: ServingModel): boolean {
    return this.options.library.default(model.kind)?.id === model.id;
  }

  private describeInstalled(model: ServingModel): LocalModel {
    return {
      ...this.facts(model),
      is_default: this.isDefault(model),
      state: this.keysOf(model.id).length > 0 ? 'loaded' : 'installed',
      bytes: model.files.reduce((sum, { bytes }) => sum + bytes, 0),
      sources: [model.source],
      download: null,
    };
  }

  private describeInstallable(model: CatalogueModel): LocalModel {
    const download = this.options.downloads.stateOf(model.id);
    return {
      ...this.facts(model),
      is_default: false,
      state: download === undefined ? 'installable' : download.isOver ? 'failed' : 'downloading',
      bytes: model.recipes[0]?.pieces.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0,
      sources: model.recipes.map(({ source }) => source),
      download:
        download === undefined
          ? null
          : {
              phase: download.phase,
              received_bytes: download.receivedBytes,
              total_bytes: download.totalBytes ?? null,
              message: download.message,
            },
    };
  }

  private facts(model: ServingModel | CatalogueModel) {
    const { id, kind, title, license } = model;
    return {
      id,
      object: 'model' as const,
      created: this.createdSeconds,
      owned_by: 'local',
      kind,
      title,
      license,
      languages: languagesOf(model),
      ...(model.kind === 'stt' && model.family === 'streaming-transducer' ? { is_streaming: true } : {}),
    };
  }
}

function languagesOf(model: Exclude<StoredModel, { kind: 'phonemes' }> | CatalogueModel): string[] {
  switch (model.kind) {
    case 'stt':
      return [...model.languages];
    case 'tts':
      return model.family === 'kokoro' ? ['it', 'en'] : [model.language];
    case 'llm':
      return [];
    default:
      return model satisfies never;
  }
}
