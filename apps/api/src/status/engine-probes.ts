/** Looks at the engine of each stage that the settings choose. */
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import type { Settings } from '@sophy/contracts/settings';
import { llmCatalog, sttCatalog, ttsCatalog } from '@sophy/providers/engine-catalog';
import type { EngineEndpoints } from '@sophy/providers/engine-endpoints';
import type { EngineEntry } from '@sophy/providers/engine-entry';
import type { Engines } from '@sophy/providers/engines';
import { listOllamaModels } from '@sophy/providers/ollama/list-ollama-models';
import { askLocalEngines } from '../engines/local-engines.ts';
import type { Probe } from './probe.ts';

const limitMs = 1_900;

export type EngineProbes = {
  readonly stt: Probe;
  readonly llm: Probe;
  readonly tts: Probe;
  readonly ollama: Probe;
};

export type EngineProbesOptions = {
  readonly settings: Settings;
  readonly endpoints: EngineEndpoints;
  readonly engines: Engines;
};

export function engineProbes({ settings, endpoints, engines }: EngineProbesOptions): EngineProbes {
  const context = { settings, endpoints };
  let readiness: Promise<EnginesReadiness> | undefined;
  const localStage = async (stage: 'stt' | 'llm' | 'tts'): Promise<string> => {
    // One question for all stages that are local.
    readiness ??= askLocalEngines(endpoints.enginesUrl);
    const { ready, model, message } = (await readiness)[stage];
    if (!ready) throw new Error(message || 'The local engine is not ready yet.');
    return message || `local: ${model}`;
  };
  const ollama: Probe = async (signal) => {
    const { models, host } = await listOllamaModels(endpoints.ollamaHost, { limitMs, signal });
    return `${host}: ${models.length} models`;
  };
  const brain = async (): Promise<string> => {
    const { label } = await engines.describeBrain(settings);
    if (!label.startsWith('ollama')) await localStage('llm');
    return label;
  };
  return {
    ollama,
    stt: (signal) =>
      settings.stt_engine === 'local'
        ? localStage('stt')
        : answers(sttCatalog[settings.stt_engine], context, signal),
    tts: (signal) =>
      settings.tts_engine === 'local'
        ? localStage('tts')
        : answers(ttsCatalog[settings.tts_engine], context, signal),
    llm: (signal) => {
      if (settings.llm_provider === 'local') return brain();
      if (settings.llm_provider === 'ollama') return ollama(signal);
      return answers(llmCatalog[settings.llm_provider], context, signal);
    },
  };
}

/** Asks what costs nothing and needs the key. A service without such an address still answers. */
async function answers(
  entry: EngineEntry,
  context: { readonly settings: Settings; readonly endpoints: EngineEndpoints },
  signal: AbortSignal,
): Promise<string> {
  const missing = entry.missing(context);
  if (missing !== undefined) throw new Error(missing);
  const request = entry.warmUp?.(context);
  if (request === undefined) return `${entry.name} is set`;
  const { host } = new URL(request.url);
  let status: number;
  try {
    const response = await fetch(request.url, { headers: request.headers, signal, redirect: 'manual' });
    await response.body?.cancel();
    status = response.status;
  } catch (cause) {
    throw new Error(`${host} cannot be reached.`, { cause });
  }
  if (status === 401 || status === 403) throw new Error(`${host} refuses the key.`);
  if (status >= 500) throw new Error(`${host} answers with status ${status}.`);
  return `${host} answers`;
}
