/** OpenAI, and every server that speaks like it, as engines of the three stages. */
import type { EngineContext, LlmEntry, SttEntry, TtsEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { listOpenAiModels } from './list-openai-models.ts';
import { listOpenAiVoices } from './list-openai-voices.ts';
import { authorization } from './openai-endpoint.ts';
import { createOpenAiLlm } from './openai-llm.ts';
import { createOpenAiRealtimeStt } from './openai-realtime-stt.ts';
import { createOpenAiStt } from './openai-stt.ts';
import { createOpenAiTts } from './openai-tts.ts';

function server<Stage extends 'stt' | 'llm' | 'tts'>(stage: Stage) {
  const baseUrl = ({ settings }: EngineContext): string => settings[`${stage}_base_url`];
  const headers = ({ settings }: EngineContext) => authorization(settings[`${stage}_api_key`]);
  return {
    stage,
    isSelfHosted: false,
    missing: (context: EngineContext) =>
      baseUrl(context) === '' ? `Set ${stage}_base_url, the address of the server up to /v1.` : undefined,
    baseUrl,
    model: ({ settings }: EngineContext) => settings[`${stage}_model`],
    warmUp: (context: EngineContext) => ({
      url: serviceUrl(baseUrl(context), '/models'),
      headers: headers(context),
    }),
  } as const;
}

function listModels(stage: 'stt' | 'llm' | 'tts') {
  return (context: EngineContext, signal: AbortSignal) =>
    listOpenAiModels({
      identity: { stage, engine: 'openai' },
      baseUrl: server(stage).baseUrl(context),
      headers: server(stage).warmUp(context).headers,
      signal,
    });
}

export const openAiStt: SttEntry = {
  ...server('stt'),
  id: 'openai',
  name: 'OpenAI-compatible server',
  listModels: listModels('stt'),
  capabilities: {
    isStreaming: false,
    givesInterimResults: false,
    givesWordTimes: false,
    detectsLanguage: true,
    languages: undefined,
    sampleRateHz: 16_000,
  },
  open: ({ settings }) =>
    createOpenAiStt({
      engine: 'openai',
      baseUrl: settings.stt_base_url,
      apiKey: settings.stt_api_key,
      model: settings.stt_model,
      timeouts: hostedTimeouts.stt,
    }),
};

export const openAiRealtimeStt: SttEntry = {
  ...server('stt'),
  id: 'openai-realtime',
  name: 'OpenAI-compatible server, streaming',
  listModels: listModels('stt'),
  capabilities: {
    isStreaming: true,
    givesInterimResults: true,
    givesWordTimes: false,
    detectsLanguage: true,
    languages: undefined,
    sampleRateHz: 24_000,
  },
  open: ({ settings }) =>
    createOpenAiRealtimeStt({
      engine: 'openai-realtime',
      baseUrl: settings.stt_base_url,
      apiKey: settings.stt_api_key,
      model: settings.stt_model,
      endSilenceMs: settings.endpointing_min_ms,
      timeouts: hostedTimeouts.stt,
    }),
};

export const openAiLlm: LlmEntry = {
  ...server('llm'),
  id: 'openai',
  name: 'OpenAI-compatible server',
  listModels: listModels('llm'),
  capabilities: { isStreaming: true, takesTools: true },
  open: ({ settings }) =>
    createOpenAiLlm({
      engine: 'openai',
      baseUrl: settings.llm_base_url,
      apiKey: settings.llm_api_key,
      model: settings.llm_model,
      timeouts: hostedTimeouts.llm,
    }),
};

export const openAiTts: TtsEntry = {
  ...server('tts'),
  id: 'openai',
  name: 'OpenAI-compatible server',
  listModels: listModels('tts'),
  capabilities: {
    isStreaming: true,
    givesWordTimes: false,
    languages: undefined,
    sampleRateHz: 24_000,
    markup: 'none',
    speed: { min: 0.5, max: 2 },
  },
  defaultVoice: () => undefined,
  listVoices: ({ settings }, signal) =>
    listOpenAiVoices({
      identity: { stage: 'tts', engine: 'openai' },
      baseUrl: settings.tts_base_url,
      apiKey: settings.tts_api_key,
      signal,
    }),
  open: ({ settings }) =>
    createOpenAiTts({
      engine: 'openai',
      baseUrl: settings.tts_base_url,
      apiKey: settings.tts_api_key,
      model: settings.tts_model,
      timeouts: hostedTimeouts.tts,
    }),
};
