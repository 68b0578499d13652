/** Downloads of models that an operator asks for: one at a time, told of while they last, and why they failed. */
import { access, constants, mkdir } from 'node:fs/promises';
import type { Logger } from '@sophy/telemetry/logger';
import type { CatalogueModel } from '../../../../scripts/models/catalogue-model.ts';
import { type FetchProgress, fetchModel } from '../../../../scripts/models/fetch-models.ts';
import { ModelFetchError } from '../../../../scripts/models/model-fetch-error.ts';
import { EngineError } from '../engine-error.ts';

export type DownloadState = {
  readonly isOver: boolean;
  readonly phase: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** Why it failed; empty while it goes well. */
  readonly message: string;
};

export type ModelDownloadsOptions = {
  readonly directory: string;
  readonly source: 'auto' | 'hub' | 'mirror' | 'none';
  readonly hubUrl?: string;
  readonly freeDiskBytes?: (directory: string) => Promise<number>;
  readonly logger: Logger;
  /** The model is in place. */
  readonly onInstalled: (model: CatalogueModel) => Promise<void>;
};

type Running = { readonly id: string; readonly stop: AbortController; readonly done: Promise<void> };

export class ModelDownloads {
  private readonly options: ModelDownloadsOptions;
  private readonly states = new Map<string, DownloadState>();
  private running: Running | undefined;

  constructor(options: ModelDownloadsOptions) {
    this.options = options;
  }

  /** Of a download under way or that failed. */
  stateOf(id: string): DownloadState | undefined {
    return this.states.get(id);
  }

  isRunning(id: string): boolean {
    return this.running?.id === id;
  }

  /**
   * Begins a download and returns at once; asking again while it runs changes nothing.
   * Throws `EngineError` conflict while another one runs, or when the model directory cannot be written.
   */
  async start(model: CatalogueModel): Promise<void> {
    if (this.isRunning(model.id)) return;
    await this.requireWritable();
    const { running } = this;
    if (running !== undefined) {
      throw new EngineError(
        'conflict',
        `${running.id} is being downloaded, and one model is fetched at a time. Wait for it, or stop it with DELETE /v1/models/${running.id}.`,
        { retryAfterSeconds: 10 },
      );
    }
    const stop = new AbortController();
    this.running = { id: model.id, stop, done: this.run(model, stop.signal) };
  }

  /** Ends a download under way; pieces that came whole are kept for the next attempt. */
  async stop(id: string): Promise<void> {
    if (this.running?.id !== id) return;
    this.running.stop.abort(new ModelFetchError('aborted', 'The download was stopped.'));
    await this.running.done;
    this.states.delete(id);
  }

  async close(): Promise<void> {
    if (this.running !== undefined) await this.stop(this.running.id);
  }

  private async run(model: CatalogueModel, signal: AbortSignal): Promise<void> {
    const { directory, source, hubUrl, freeDiskBytes, logger, onInstalled } = this.options;
    const { id } = model;
    this.tell(id, { phase: 'downloading', receivedBytes: 0, totalBytes: undefined });
    const startedMs = performance.now();
    try {
      await fetchModel(model, {
        directory,
        source,
        signal,
        onProgress: (progress) => this.tell(id, progress),
        ...(hubUrl === undefined ? {} : { hubUrl }),
        ...(freeDiskBytes === undefined ? {} : { freeDiskBytes }),
      });
      await onInstalled(model);
      this.states.delete(id);
      logger.info({ model: id, durationMs: Math.round(performance.now() - startedMs) }, 'model installed');
    } catch (error) {
      const isExplained = error instanceof ModelFetchError;
      const message = isExplained
        ? error.message
        : `${model.title} could not be installed; the log of the engines says why.`;
      const last = this.states.get(id);
      this.states.set(id, {
        isOver: true,
        phase: 'failed',
        receivedBytes: last?.receivedBytes ?? 0,
        totalBytes: last?.totalBytes,
        message,
      });
      if (!signal.aborted)
        logger[isExplained ? 'warn' : 'error']({ model: id, error }, 'model not installed');
    } finally {
      this.running = undefined;
    }
  }

  private tell(id: string, progress: Pick<FetchProgress, 'phase' | 'receivedBytes' | 'totalBytes'>): void {
    const { phase, receivedBytes, totalBytes } = progress;
    this.states.set(id, { isOver: false, phase, receivedBytes, totalBytes, message: '' });
  }

  private async requireWritable(): Promise<void> {
    const { directory } = this.options;
    try {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK);
    } catch (cause) {
      throw new EngineError(
        'conflict',
        `The model directory ${directory} cannot be written by the engines. Mount it writable, or fetch the model where it can be: node scripts/models/main.ts --model <id>`,
        { cause },
      );
    }
  }
}
