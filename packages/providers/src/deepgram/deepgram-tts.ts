/**
 * Voice: Deepgram's `POST /v1/speak`, whose answer is a stream. Its WebSocket gives no earlier audio for a text that
 * is whole, fixes the voice for the connection and takes only 20 sentences a minute; a kept connection takes any.
 */
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { AudioFormatError, SpeechDecoder } from '../audio/speech-decoder.ts';
import { type EngineIdentity, engineFailure } from '../http/engine-failure.ts';
import { type EngineAnswer, exchangeWithEngine } from '../http/exchange-with-engine.ts';
import { type DeepgramEndpoint, deepgramHeaders, deepgramUrl } from './deepgram-endpoint.ts';
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
        readSpeech,
      );
    },
  };
}

function speakUrl(baseUrl: string, { voice, language, speed }: TtsRequest): string {
  const model = voice || deepgramVoice(language);
  // Other languages refuse a speed: developers.deepgram.com/docs/tts-voice-controls.
  const takesSpeed = /-(en|es)$/.test(model) && speed !== 1;
  return deepgramUrl(baseUrl, '/v1/speak', {
    model,
    encoding: 'linear16',
    sample_rate: deepgramVoiceRateHz,
    container: 'none',
    speed: takesSpeed ? Math.min(deepgramSpeed.max, Math.max(deepgramSpeed.min, speed)) : undefined,
  });
}

async function* readSpeech(answer: EngineAnswer): AsyncGenerator<TtsAudio, void, undefined> {
  const type = answer.headers['content-type'] ?? '';
  if (/json|html|text\/|mpeg|ogg|flac|aac/.test(type))
    throw engineFailure(identity, 'bad-response', 'the answer is no raw audio; check the address');
  const decoder = new SpeechDecoder(deepgramVoiceRateHz);
  let hasAudio = false;
  try {
    for await (const chunk of answer.chunks) {
      const audio = decoder.push(chunk);
      if (audio === undefined) continue;
      hasAudio = true;
      answer.progress();
      yield audio;
    }
    const rest = decoder.end();
    if (rest !== undefined) yield rest;
    else if (!hasAudio) throw new AudioFormatError('no audio at all');
  } catch (error) {
    if (!(error instanceof AudioFormatError)) throw error;
    throw engineFailure(identity, 'bad-response', `the answer is ${error.message}`);
  }
}
