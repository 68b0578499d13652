/** The engines that the settings choose, as ports, with one retry around each. */
import type { Settings } from '@sophy/contracts/settings';
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';
import { EngineCache } from './engine-cache.ts';
import { hostedTimeouts, localTimeouts } from './http/engine-timeouts.ts';
import { type BrainDescription, KeylessBrain, type KeylessBrainOptions } from './local/keyless-brain.ts';
import { missingLlm, missingStt, missingTts } from './missing-engine.ts';
import { createOllamaLlm } from './ollama/ollama-llm.ts';
import { createOpenAiLlm } from './openai/openai-llm.ts';
import { createOpenAiRealtimeStt } from './openai/openai-realtime-stt.ts';
import { createOpenAiStt } from './openai/openai-stt.ts';
import { createOpenAiTts } from './openai/openai-tts.ts';
import { createOpenrouterLlm } from './openrouter/openrouter-llm.ts';
import { withLlmRetry, withSttRetry, withTtsRetry } from './with-retry.ts';

/** Addresses that come from the environment, not from settings. */
export type EngineEndpoints = {
  /** Local engines up to `/v1`. */
  readonly enginesUrl: string | undefined;
  readonly ollamaHost: string;
  readonly openrouterBaseUrl: string;
};

const sttCache = new EngineCache<SttPort>();
const llmCache = new EngineCache<LlmPort>();
const ttsCache = new EngineCache<TtsPort>();
const brainCache = new EngineCache<KeylessBrain>();

const withoutEngines = 'there are no local engines; set ENGINES_URL or choose another engine';

/** Recognition as the settings choose it. An incomplete choice gives a port that says what is missing. */
export function sttFromSettings(settings: Settings, endpoints: EngineEndpoints): SttPort {
  switch (settings.stt_engine) {
    case 'local': {
      if (endpoints.enginesUrl === undefined) return missingStt('local', withoutEngines);
      const configuration = {
        engine: 'local',
        baseUrl: endpoints.enginesUrl,
        apiKey: undefined,
        model: settings.whisper_model,
      };
      return sttCache.get(configuration, (it) =>
        withSttRetry(createOpenAiStt({ ...it, timeouts: localTimeouts.stt })),
      );
    }
    case 'openai': {
      if (settings.stt_base_url === '') return missingStt('openai', 'set stt_base_url');
      return sttCache.get(openAiConfiguration('openai', settings, 'stt'), (it) =>
        withSttRetry(createOpenAiStt({ ...it, timeouts: hostedTimeouts.stt })),
      );
    }
    case 'openai-realtime': {
      if (settings.stt_base_url === '') return missingStt('openai-realtime', 'set stt_base_url');
      const configuration = {
        ...openAiConfiguration('openai-realtime', settings, 'stt'),
        endSilenceMs: settings.endpointing_min_ms,
      };
      return sttCache.get(configuration, (it) =>
        createOpenAiRealtimeStt({ ...it, timeouts: hostedTimeouts.stt }),
      );
    }
  }
}

/** The brain as the settings choose it. `local` follows what is there: an Ollama, else the local engine. */
export function llmFromSettings(settings: Settings, endpoints: EngineEndpoints): LlmPort {
  switch (settings.llm_provider) {
    case 'local':
      return keylessBrain(settings, endpoints);
    case 'ollama': {
      if (settings.ollama_model === '')
        return keylessBrain(settings, { ...endpoints, enginesUrl: undefined });
      const configuration = { host: endpoints.ollamaHost, model: settings.ollama_model };
      return llmCache.get(configuration, (it) =>
        withLlmRetry(createOllamaLlm({ ...it, timeouts: localTimeouts.llm })),
      );
    }
    case 'openrouter': {
      if (settings.openrouter_api_key === '') return missingLlm('openrouter', 'set openrouter_api_key');
      if (settings.openrouter_model === '') return missingLlm('openrouter', 'set openrouter_model');
      const configuration = {
        baseUrl: endpoints.openrouterBaseUrl,
        apiKey: settings.openrouter_api_key,
        model: settings.openrouter_model,
      };
      return llmCache.get(configuration, (it) =>
        withLlmRetry(createOpenrouterLlm({ ...it, timeouts: hostedTimeouts.llm })),
      );
    }
    case 'openai': {
      if (settings.llm_base_url === '') return missingLlm('openai', 'set llm_base_url');
      return llmCache.get(openAiConfiguration('openai', settings, 'llm'), (it) =>
        withLlmRetry(createOpenAiLlm({ ...it, timeouts: hostedTimeouts.llm })),
      );
    }
  }
}

/** The voice as the settings choose it; which of its voices speaks is part of each request. */
export function ttsFromSettings(settings: Settings, endpoints: EngineEndpoints): TtsPort {
  switch (settings.tts_engine) {
    case 'local': {
      if (endpoints.enginesUrl === undefined) return missingTts('local', withoutEngines);
      const configuration = {
        engine: 'local',
        baseUrl: endpoints.enginesUrl,
        apiKey: undefined,
        model: undefined,
        sendsLanguage: true,
      };
      return ttsCache.get(configuration, (it) =>
        withTtsRetry(createOpenAiTts({ ...it, timeouts: localTimeouts.tts })),
      );
    }
    case 'openai': {
      if (settings.tts_base_url === '') return missingTts('openai', 'set tts_base_url');
      return ttsCache.get(openAiConfiguration('openai', settings, 'tts'), (it) =>
        withTtsRetry(createOpenAiTts({ ...it, timeouts: hostedTimeouts.tts })),
      );
    }
  }
}

/**
 * The brain by name, for the interface and the status; "demo brain" is part of the label where it is one.
 * @throws ProviderError when `local` or `ollama` without a model finds no brain at all.
 */
export async function describeBrain(
  settings: Settings,
  endpoints: EngineEndpoints,
): Promise<BrainDescription> {
  const port = llmFromSettings(settings, endpoints);
  return port instanceof KeylessBrain ? port.describe() : { label: port.label, demo: false };
}

function keylessBrain(settings: Settings, endpoints: EngineEndpoints): KeylessBrain {
  const configuration: KeylessBrainOptions = {
    ollamaHost: endpoints.ollamaHost,
    ollamaModel: settings.ollama_model,
    enginesUrl: endpoints.enginesUrl,
  };
  return brainCache.get(configuration, (it) => new KeylessBrain(it));
}

function openAiConfiguration(engine: string, settings: Settings, stage: 'stt' | 'llm' | 'tts') {
  return {
    engine,
    baseUrl: settings[`${stage}_base_url`],
    apiKey: settings[`${stage}_api_key`],
    model: settings[`${stage}_model`],
  };
}
