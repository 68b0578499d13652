/** Voice: `POST /audio/speech` of OpenAI and everything that speaks like it, as raw PCM or WAV. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { AudioFormatError, SpeechDecoder } from '../audio/speech-decoder.ts';
import { engineFailure } from '../http/engine-failure.ts';
import { type EngineAnswer, exchangeWithEngine } from '../http/exchange-with-engine.ts';
import {
  endpointHeaders,
  endpointLabel,
  endpointUrl,
  givenFields,
  isOpenAiItself,
  type OpenAiEndpoint,
} from './openai-endpoint.ts';

export type OpenAiTtsOptions = OpenAiEndpoint & {
  /** Whether the server takes the field `language`, as the local engines do. */
  readonly sendsLanguage?: boolean;
};

/** Rate of OpenAI's `pcm` format. */
const defaultSampleRateHz = 24_000;

/** An OpenAI-compatible speech server. Text without a letter or digit is silence and asks nothing. */
export function createOpenAiTts(options: OpenAiTtsOptions): TtsPort {
  const identity = { stage: 'tts', engine: options.engine } as const;
  const isOpenAi = isOpenAiItself(options.baseUrl);
  const model = options.model || (isOpenAi ? 'gpt-4o-mini-tts' : undefined);

  async function* readAnswer(answer: EngineAnswer): AsyncGenerator<PcmAudio, void, undefined> {
    const decoder = new SpeechDecoder(rawSampleRateHz(answer.headers['content-type'] ?? ''));
    let hasAudio = false;
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
  }

  async function* readSpeech(answer: EngineAnswer): AsyncGenerator<PcmAudio, void, undefined> {
    try {
      yield* readAnswer(answer);
    } catch (error) {
      if (!(error instanceof AudioFormatError)) throw error;
      throw engineFailure(
        identity,
        'bad-response',
        `the answer is ${error.message}; mono 16 bit PCM or WAV is needed`,
      );
    }
  }

  return {
    label: endpointLabel({ ...options, model }),
    async *synthesize(request, { signal }) {
      if (!/[\p{L}\p{N}]/u.test(request.text)) return;
      yield* exchangeWithEngine(
        {
          identity,
          method: 'POST',
          url: endpointUrl(options.baseUrl, '/audio/speech'),
          headers: endpointHeaders(options, 'application/json'),
          body: JSON.stringify(requestBody(request, model, isOpenAi, options.sendsLanguage ?? false)),
          timeouts: options.timeouts,
          awaited: 'first audio',
          signal,
        },
        readSpeech,
      );
    },
  };
}

function requestBody(
  request: TtsRequest,
  model: string | undefined,
  isOpenAi: boolean,
  sendsLanguage: boolean,
): Record<string, string | number> {
  return givenFields<string | number>({
    model,
    input: request.text,
    voice: request.voice || (isOpenAi ? 'alloy' : undefined),
    response_format: 'pcm',
    speed: request.speed === 1 ? undefined : request.speed,
    language: sendsLanguage ? request.language : undefined,
  });
}

/** Rate of raw samples, from `audio/pcm;rate=16000`; refuses what is certainly not mono PCM or WAV. */
function rawSampleRateHz(contentType: string): number {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (/mpeg|mp3|ogg|opus|aac|flac|webm|json|html|text\//.test(type)) throw new AudioFormatError(type.trim());
  const values = new Map(
    parameters.map((parameter) => {
      const [name = '', value = ''] = parameter.split('=');
      return [name.trim(), Number(value.trim().replaceAll('"', ''))] as const;
    }),
  );
  const channels = values.get('channels') ?? 1;
  if (channels !== 1) throw new AudioFormatError(`PCM with ${channels} channels`);
  const rate = values.get('rate') ?? defaultSampleRateHz;
  if (!Number.isInteger(rate) || rate < 8_000 || rate > 192_000)
    throw new AudioFormatError(`PCM at ${rate} Hz`);
  return rate;
}
