/** Deepgram as an engine of recognition and of voice. */
import type { EngineContext, SttEntry, TtsEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { deepgramService } from './deepgram-endpoint.ts';
import { createDeepgramStt, deepgramSampleRateHz } from './deepgram-stt.ts';
import { createDeepgramTts, deepgramSpeed, deepgramVoiceRateHz } from './deepgram-tts.ts';
import {
  deepgramVoice,
  deepgramVoiceLanguages,
  listDeepgramModels,
  listDeepgramVoices,
} from './deepgram-voices.ts';

const endpoint = ({ settings, endpoints }: EngineContext) => ({
  baseUrl: endpoints.deepgramBaseUrl,
  apiKey: settings.deepgram_api_key,
});

export const deepgramStt: SttEntry = {
  ...deepgramService,
  stage: 'stt',
  capabilities: {
    isStreaming: true,
    givesInterimResults: true,
    givesWordTimes: false,
    detectsLanguage: true,
    languages: undefined,
    sampleRateHz: deepgramSampleRateHz,
  },
  model: ({ settings }) => settings.deepgram_model || 'nova-3',
  listModels: (context, signal) => listDeepgramModels({ ...endpoint(context), signal }),
  open: (context) =>
    createDeepgramStt({
      ...endpoint(context),
      model: context.settings.deepgram_model || 'nova-3',
      endSilenceMs: context.settings.endpointing_min_ms,
      timeouts: hostedTimeouts.stt,
    }),
};

export const deepgramTts: TtsEntry = {
  ...deepgramService,
  stage: 'tts',
  capabilities: {
    isStreaming: true,
    givesWordTimes: false,
    languages: deepgramVoiceLanguages,
    sampleRateHz: deepgramVoiceRateHz,
    markup: 'none',
    // Its English and Spanish voices only; the others always speak at 1.
    speed: deepgramSpeed,
  },
  /** The voice is the model: all of Aura-2 cost the same. */
  model: () => 'aura-2',
  defaultVoice: deepgramVoice,
  listVoices: (context, signal) => listDeepgramVoices({ ...endpoint(context), signal }),
  open: (context) => createDeepgramTts({ ...endpoint(context), timeouts: hostedTimeouts.tts }),
};
