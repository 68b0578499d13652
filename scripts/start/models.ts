/** The local models that this start needs, fetched once into the data directory. */
import { join } from 'node:path';
import { fetchModels } from '../models/fetch-models.ts';
import { modelNeeds } from '../models/model-catalogue.ts';
import { ModelFetchError } from '../models/model-fetch-error.ts';
import { progressLine } from '../models/progress-line.ts';
import type { Stage } from './launch-plan.ts';
import type { ReportDetail } from './progress.ts';
import { Trouble } from './trouble.ts';

const languages = ['en', 'it'] as const;

export type NeededModelsOptions = {
  readonly dataDirectory: string;
  /** `MODEL_SOURCE`. */
  readonly source: 'auto' | 'hub' | 'mirror' | 'none';
  readonly stages: readonly Stage[];
  readonly signal: AbortSignal;
  readonly report: ReportDetail;
};

/** Names of the models in place. @throws Trouble that says what could not be had and what to do. */
export async function fetchNeededModels(options: NeededModelsOptions): Promise<readonly string[]> {
  if (options.stages.length === 0) return [];
  const stages = new Set(options.stages);
  const needs = modelNeeds(languages).filter((need) =>
    need.candidates.some((model) => stages.has(model.kind)),
  );
  try {
    const manifest = await fetchModels({
      directory: join(options.dataDirectory, 'models'),
      source: options.source,
      languages,
      needs,
      signal: options.signal,
      onProgress: (progress) => options.report(progressLine(progress)),
    });
    return manifest.models.map((model) => model.title);
  } catch (error) {
    if (!(error instanceof ModelFetchError)) throw error;
    throw new Trouble(
      `${error.message}\nThe local ears, voice and brain need these models once. Connect this machine and run the same command again (what was fetched is kept), or set STT_BASE_URL, LLM_BASE_URL and TTS_BASE_URL to use servers elsewhere.`,
      { cause: error },
    );
  }
}
