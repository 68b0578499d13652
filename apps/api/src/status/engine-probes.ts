/** Looks at the engine of each stage that the settings choose. */
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import type { Settings } from '@sophy/contracts/settings';
import { describeBrain } from '@sophy/providers/from-settings';
import { listOllamaModels } from '@sophy/providers/ollama/list-ollama-models';
import { authorization, endpointUrl } from '@sophy/providers/openai/openai-endpoint';
import type { ApiConfiguration } from '../configuration.ts';
import { askLocalEngines } from '../engines/local-engines.ts';
import type { Probe } from './probe.ts';

const limitMs = 1_900;

export type EngineProbes = {
  readonly stt: Probe;
  readonly llm: Probe;
  readonly tts: Probe;
  readonly ollama: Probe;
};

type Endpoints = Pick<ApiConfiguration, 'enginesUrl' | 'ollamaHost' | 'openrouterBaseUrl'>;

export function engineProbes(settings: Settings, endpoints: Endpoints): EngineProbes {
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
  return {
    ollama,
    stt: (signal) =>
      settings.stt_engine === 'local'
        ? localStage('stt')
        : openAiServer(settings.stt_base_url, settings.stt_api_key, signal),
    tts: (signal) =>
      settings.tts_engine === 'local'
        ? localStage('tts')
        : openAiServer(settings.tts_base_url, settings.tts_api_key, signal),
    llm: async (signal) => {
      switch (settings.llm_provider) {
        case 'local': {
          const brain = await describeBrain(settings, endpoints);
          if (brain.label.startsWith('ollama')) return brain.label;
          await localStage('llm');
          return brain.label;
        }
        case 'ollama':
          return ollama(signal);
        case 'openrouter':
          if (settings.openrouter_api_key === '') throw new Error('openrouter_api_key is not set.');
          return openAiServer(endpoints.openrouterBaseUrl, settings.openrouter_api_key, signal);
        case 'openai':
          return openAiServer(settings.llm_base_url, settings.llm_api_key, signal);
      }
    },
  };
}

/** Asks for the list of models: cheap, and it needs the key. A server without such a list still answers. */
async function openAiServer(baseUrl: string, apiKey: string, signal: AbortSignal): Promise<string> {
  if (baseUrl === '') throw new Error('The address of the engine is not set.');
  const url = endpointUrl(baseUrl, '/models');
  const { host } = new URL(url);
  let status: number;
  try {
    const response = await fetch(url, { headers: authorization(apiKey), signal, redirect: 'manual' });
    await response.body?.cancel();
    status = response.status;
  } catch (cause) {
    throw new Error(`${host} cannot be reached.`, { cause });
  }
  if (status === 401 || status === 403) throw new Error(`${host} refuses the key.`);
  if (status >= 500) throw new Error(`${host} answers with status ${status}.`);
  return `${host} answers`;
}
