/** A speech server (Coqui, VibeVoice, Chatterbox) as an engine. */
import type { EngineContext, TtsEntry } from '../engine-entry.ts';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { listSpeechServerVoices, readSpeechServer } from './read-speech-server.ts';
import { createSpeechServerTts } from './speech-server-tts.ts';

const baseUrl = ({ settings }: EngineContext) => settings.speech_server_url;

export const speechServerTts: TtsEntry = {
  id: 'speech-server',
  stage: 'tts',
  name: 'Speech server (Coqui, VibeVoice, Chatterbox)',
  isSelfHosted: true,
  capabilities: {
    isStreaming: true,
    givesWordTimes: false,
    languages: undefined,
    sampleRateHz: 24_000,
    markup: 'none',
    speed: { min: 0.5, max: 2 },
  },
  missing: (context) =>
    baseUrl(context) === '' ? 'Set speech_server_url, the address of the speech server.' : undefined,
  model: () => '',
  baseUrl,
  warmUp: (context) => ({ url: serviceUrl(baseUrl(context), '/health'), headers: {} }),
  defaultVoice: () => undefined,
  listVoices: async (context, signal) => {
    const options = { baseUrl: baseUrl(context), timeouts: localTimeouts.tts, signal };
    const server = await readSpeechServer(options);
    const voices = server.voices ?? (await listSpeechServerVoices({ ...options, side: server.side }));
    // Engines that are not loaded yet speak with their own default voice.
    const others = server.engines
      .filter((engine) => engine !== server.engine)
      .map((engine) => ({ id: `${engine}/`, name: engine, gender: '', locale: '' }));
    return [...voices, ...others];
  },
  open: (context) => createSpeechServerTts({ baseUrl: baseUrl(context), timeouts: localTimeouts.tts }),
};
