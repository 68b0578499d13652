/** The engines of `apps/engines`: they need no key and nothing leaves the machine. */
import type { EngineContext, LlmEntry, SttEntry, TtsEntry } from '../engine-entry.ts';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { createOpenAiStt } from '../openai/openai-stt.ts';
import { createOpenAiTts } from '../openai/openai-tts.ts';
import { KeylessBrain } from './keyless-brain.ts';
import { listLocalModels } from './local-models.ts';
import { readEnginesReadiness } from './read-engines-readiness.ts';

const listLimitMs = 1_900;
const withoutEngines = 'There are no local engines: set ENGINES_URL or choose another engine.';

const common = {
  id: 'local',
  isSelfHosted: true,
  missing: ({ endpoints }: EngineContext) =>
    endpoints.enginesUrl === undefined ? withoutEngines : undefined,
  baseUrl: ({ endpoints }: EngineContext) => endpoints.enginesUrl ?? '',
  warmUp: ({ endpoints }: EngineContext) => ({
    url: serviceUrl(endpoints.enginesUrl ?? '', '/models'),
    headers: {},
  }),
} as const;

/** Models that can be asked for now; `local-models.ts` tells of those that could be fetched. */
function listInstalled(kind: 'stt' | 'llm' | 'tts') {
  return async ({ endpoints }: EngineContext, signal: AbortSignal) => {
    const models = await listLocalModels(endpoints.enginesUrl ?? '', signal);
    return models
      .filter((model) => model.kind === kind && (model.state === 'loaded' || model.state === 'installed'))
      .map(({ id, title }) => ({ id, name: title }));
  };
}

export const localStt: SttEntry = {
  ...common,
  stage: 'stt',
  name: 'Whisper',
  capabilities: {
    isStreaming: false,
    givesInterimResults: false,
    givesWordTimes: false,
    detectsLanguage: true,
    languages: undefined,
    sampleRateHz: 16_000,
  },
  model: ({ settings }) => settings.whisper_model,
  listModels: listInstalled('stt'),
  open: ({ settings, endpoints }) =>
    createOpenAiStt({
      engine: 'local',
      baseUrl: endpoints.enginesUrl ?? '',
      apiKey: undefined,
      model: settings.whisper_model,
      timeouts: localTimeouts.stt,
    }),
};

/** An Ollama that answers is the brain; otherwise the local engine. */
export const localLlm: LlmEntry = {
  ...common,
  stage: 'llm',
  name: 'Local brain',
  capabilities: { isStreaming: true, takesTools: false },
  // It looks for an Ollama first, which needs no address of local engines.
  missing: () => undefined,
  model: ({ settings }) => settings.ollama_model,
  open: ({ settings, endpoints }) =>
    new KeylessBrain({
      ollamaHost: endpoints.ollamaHost,
      ollamaModel: settings.ollama_model,
      enginesUrl: endpoints.enginesUrl,
    }),
};

export const localTts: TtsEntry = {
  ...common,
  stage: 'tts',
  name: 'Piper',
  capabilities: {
    isStreaming: true,
    givesWordTimes: false,
    languages: undefined,
    sampleRateHz: 22_050,
    markup: 'none',
    speed: { min: 0.5, max: 2 },
  },
  model: () => '',
  defaultVoice: () => undefined,
  listVoices: async ({ endpoints }, signal) =>
    (await readEnginesReadiness(endpoints.enginesUrl ?? '', { limitMs: listLimitMs, signal })).tts.voices,
  open: ({ endpoints }) =>
    createOpenAiTts({
      engine: 'local',
      baseUrl: endpoints.enginesUrl ?? '',
      apiKey: undefined,
      model: undefined,
      sendsLanguage: true,
      timeouts: localTimeouts.tts,
    }),
};
