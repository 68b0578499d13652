/**
 * Voice: Deepgram's `POST /v1/speak`, whose answer is a stream. Its WebSocket gives no earlier audio for a text that
 * is whole, fixes the voice for the connection and takes only 20 sentences a minute; a kept connection takes any.
 */
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { readSpeech } from '../audio/read-speech.ts';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { exchangeWithEngine } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';
import { type DeepgramEndpoint, deepgramHeaders } from './deepgram-endpoint.ts';
import { deepgramVoice } from './deepgram-voices.ts';

export const deepgramVoiceRateHz = 24_000;
export const deepgramSpeed = { min: 0.7, max: 1.5 } as const;
const identity: EngineIdentity = { stage: 'tts', engine: 'deepgram' };

/** Text without a letter or digit is silence and asks nothing. */
export function createDeepgramTts(options: DeepgramEndpoint): TtsPort {
  return {
    label: 'deepgram:aura-2',
    async *synthesize(request, { signal }) {
      if (!/[\p{L}\p{N}]/u.test(request.text)) return;
      yield* exchangeWithEngine(
        {
          identity,
          method: 'POST',
          url: speakUrl(options.baseUrl, request),
          headers: { ...deepgramHeaders(options.apiKey), 'content-type': 'application/json' },
          body: JSON.stringify({ text: request.text }),
          timeouts: options.timeouts,
          awaited: 'first audio',
          signal,
        },
        (answer) => readSpeech(identity, answer, deepgramVoiceRateHz),
      );
    },
  };
}

function speakUrl(baseUrl: string, { voice, language, speed }: TtsRequest): string {
  const model = voice || deepgramVoice(language);
  // Other languages refuse a speed: developers.deepgram.com/docs/tts-voice-controls.
  const takesSpeed = /-(en|es)$/.test(model) && speed !== 1;
  return serviceUrl(baseUrl, '/v1/speak', {
    model,
    encoding: 'linear16',
    sample_rate: deepgramVoiceRateHz,
    container: 'none',
    speed: takesSpeed ? Math.min(deepgramSpeed.max, Math.max(deepgramSpeed.min, speed)) : undefined,
  });
}
