/** Voice: `POST /audio/speech` of OpenAI and everything that speaks like it, as raw PCM or WAV. */
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { readSpeech } from '../audio/read-speech.ts';
import { exchangeWithEngine } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';
import {
  endpointHeaders,
  endpointLabel,
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

  return {
    label: endpointLabel({ ...options, model }),
    async *synthesize(request, { signal }) {
      if (!/[\p{L}\p{N}]/u.test(request.text)) return;
      yield* exchangeWithEngine(
        {
          identity,
          method: 'POST',
          url: serviceUrl(options.baseUrl, '/audio/speech'),
          headers: endpointHeaders(options, 'application/json'),
          body: JSON.stringify(requestBody(request, model, isOpenAi, options.sendsLanguage ?? false)),
          timeouts: options.timeouts,
          awaited: 'first audio',
          signal,
        },
        (answer) => readSpeech(identity, answer, defaultSampleRateHz),
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
