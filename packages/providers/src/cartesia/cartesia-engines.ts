/** Cartesia as an engine of recognition and of voice. */
import type { EngineContext, EngineModel, SttEntry, TtsEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { cartesiaService } from './cartesia-endpoint.ts';
import { cartesiaSampleRateHz, createCartesiaStt } from './cartesia-stt.ts';
import { cartesiaSpeed, cartesiaVoiceRateHz, createCartesiaTts } from './cartesia-tts.ts';
import { cartesiaVoice, listCartesiaVoices } from './cartesia-voices.ts';

const endpoint = ({ settings, endpoints }: EngineContext) => ({
  baseUrl: endpoints.cartesiaBaseUrl,
  apiKey: settings.cartesia_api_key,
});
const sttModel = ({ settings }: EngineContext) => settings.cartesia_stt_model || 'ink-whisper';
const ttsModel = ({ settings }: EngineContext) => settings.cartesia_tts_model || 'sonic-3';

/** The service lists no models; these are the ones that its documentation names for streams. */
const sttModels: readonly EngineModel[] = [
  { id: 'ink-whisper', name: 'Ink-Whisper: about a hundred languages, one at a time' },
  { id: 'ink-2', name: 'Ink 2: English, French, Hindi, Japanese and Spanish' },
  { id: 'ink-preview', name: 'Ink preview: 44 languages, found by itself' },
];
const ttsModels: readonly EngineModel[] = ['sonic-3', 'sonic-3-2026-01-12', 'sonic-3.5', 'sonic-latest'].map(
  (id) => ({ id, name: id }),
);

/** Languages of Sonic 3: docs.cartesia.ai/build-with-cartesia/tts-models. */
const sonicLanguages =
  'en it fr de es pt zh ja hi ko nl pl ru sv tr tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu kn ml mr pa'.split(
    ' ',
  );

export const cartesiaStt: SttEntry = {
  ...cartesiaService,
  stage: 'stt',
  capabilities: {
    isStreaming: true,
    givesInterimResults: true,
    givesWordTimes: false,
    // Ink-Whisper takes speech as English unless it is told another language.
    detectsLanguage: false,
    languages: undefined,
    sampleRateHz: cartesiaSampleRateHz,
  },
  model: sttModel,
  listModels: async () => sttModels,
  open: (context) =>
    createCartesiaStt({
      ...endpoint(context),
      model: sttModel(context),
      endSilenceMs: context.settings.endpointing_min_ms,
      timeouts: hostedTimeouts.stt,
    }),
};

export const cartesiaTts: TtsEntry = {
  ...cartesiaService,
  stage: 'tts',
  capabilities: {
    isStreaming: true,
    givesWordTimes: true,
    languages: sonicLanguages,
    sampleRateHz: cartesiaVoiceRateHz,
    markup: 'cartesia',
    speed: cartesiaSpeed,
  },
  model: ttsModel,
  listModels: async () => ttsModels,
  defaultVoice: cartesiaVoice,
  listVoices: (context, signal) => listCartesiaVoices({ ...endpoint(context), signal }),
  open: (context) =>
    createCartesiaTts({ ...endpoint(context), model: ttsModel(context), timeouts: hostedTimeouts.tts }),
};
