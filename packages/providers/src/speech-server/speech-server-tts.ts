/** Voice of a speech server that runs Coqui, VibeVoice or Chatterbox: `POST /synthesize`, raw PCM. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { readSpeech } from '../audio/read-speech.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { exchangeWithEngine } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';
import { givenFields } from '../openai/openai-endpoint.ts';
import { createOpenAiTts } from '../openai/openai-tts.ts';
import { readSpeechServer, type SpeechServer } from './read-speech-server.ts';

const identity = { stage: 'tts', engine: 'speech-server' } as const;
const sampleRateHz = 24_000;

/**
 * A speech server. Which side it has is asked once, with the first sentence; a failure to tell is that
 * sentence's failure, and the next one asks again. A voice `engine/name` also chooses one of the server's engines.
 */
export function createSpeechServerTts(options: {
  /** Address without `/v1`. */
  readonly baseUrl: string;
  readonly timeouts: EngineTimeouts;
}): TtsPort {
  const { baseUrl, timeouts } = options;
  const openAiSide = createOpenAiTts({
    baseUrl: serviceUrl(baseUrl, '/v1'),
    apiKey: undefined,
    model: undefined,
    engine: 'speech-server',
    timeouts,
    sendsLanguage: true,
  });
  let server: SpeechServer | undefined;

  async function* synthesize(
    request: TtsRequest,
    signal: AbortSignal,
  ): AsyncGenerator<PcmAudio, void, undefined> {
    if (!/[\p{L}\p{N}]/u.test(request.text)) return;
    server ??= await readSpeechServer({ baseUrl, timeouts, signal });
    if (server.side === 'openai') {
      yield* openAiSide.synthesize(request, { signal });
      return;
    }
    yield* exchangeWithEngine(
      {
        identity,
        method: 'POST',
        url: serviceUrl(baseUrl, '/synthesize'),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requestBody(request, server)),
        timeouts,
        awaited: 'first audio',
        signal,
      },
      (answer) => readSpeech(identity, answer, toldRateHz(answer.headers['x-sample-rate']) ?? sampleRateHz),
    );
  }

  return {
    label: 'speech-server',
    synthesize: (request, { signal }) => synthesize(request, signal),
  };
}

function requestBody(request: TtsRequest, server: SpeechServer) {
  const [engine, speaker] = splitVoice(request.voice, server);
  return givenFields<string | number>({
    text: request.text,
    language: request.language,
    speaker,
    speed: request.speed,
    engine,
  });
}

/** Engine and voice; a voice without an engine, or with none that the server has, speaks with the loaded one. */
function splitVoice(
  voice: string | undefined,
  { engine, engines }: SpeechServer,
): readonly [string | undefined, string | undefined] {
  if (voice === undefined) return [engine, undefined];
  const [first = '', ...rest] = voice.split('/');
  return engines.includes(first) ? [first, rest.join('/')] : [engine, voice];
}

function toldRateHz(header: string | string[] | undefined): number | undefined {
  const rate = Number(header);
  return Number.isInteger(rate) && rate > 0 ? rate : undefined;
}
