/** ElevenLabs as an engine. */
import type { EngineContext, TtsEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { createElevenLabsTts, elevenLabsDefaultVoice } from './elevenlabs-tts.ts';
import { listElevenLabsModels, listElevenLabsVoices } from './list-elevenlabs.ts';

const account = ({ settings, endpoints }: EngineContext) => ({
  baseUrl: endpoints.elevenlabsBaseUrl,
  apiKey: settings.elevenlabs_api_key,
});

export const elevenlabsTts: TtsEntry = {
  id: 'elevenlabs',
  stage: 'tts',
  name: 'ElevenLabs',
  isSelfHosted: false,
  capabilities: {
    isStreaming: true,
    givesWordTimes: true,
    languages: undefined,
    sampleRateHz: 24_000,
    markup: 'elevenlabs',
    speed: { min: 0.7, max: 1.2 },
  },
  missing: ({ settings }) => {
    if (settings.elevenlabs_api_key === '') return 'Set elevenlabs_api_key.';
    return settings.elevenlabs_model === '' ? 'Set elevenlabs_model.' : undefined;
  },
  model: ({ settings }) => settings.elevenlabs_model,
  baseUrl: (context) => account(context).baseUrl,
  warmUp: (context) => ({
    url: serviceUrl(account(context).baseUrl, '/v1/models'),
    headers: { 'xi-api-key': account(context).apiKey },
  }),
  listModels: (context, signal) => listElevenLabsModels({ ...account(context), signal }),
  // It speaks every language that its model knows.
  defaultVoice: () => elevenLabsDefaultVoice,
  listVoices: (context, signal) => listElevenLabsVoices({ ...account(context), signal }),
  open: (context) =>
    createElevenLabsTts({
      ...account(context),
      model: context.settings.elevenlabs_model,
      timeouts: hostedTimeouts.tts,
    }),
};
