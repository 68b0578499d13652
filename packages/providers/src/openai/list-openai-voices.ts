/** Voices that an OpenAI-compatible speech server lists. */
import { type Voice, voiceSchema } from '@sophy/contracts/http-engines';
import { z } from 'zod';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';
import { authorization, isOpenAiItself } from './openai-endpoint.ts';

const voiceListSchema = z.object({
  voices: z.array(z.union([z.string(), voiceSchema.partial().extend({ id: z.string() })])),
});

/** OpenAI has no list; these are the voices that its documentation of `audio/speech` names. */
const openAiVoices = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
];

/**
 * Asks `GET /audio/voices`, which self-hosted servers have. Empty where a server has no such list.
 * Throws `ProviderError` where it cannot be reached or refuses the key.
 */
export async function listOpenAiVoices(options: {
  readonly identity: EngineIdentity;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
}): Promise<readonly Voice[]> {
  const { identity, baseUrl, apiKey, signal } = options;
  if (isOpenAiItself(baseUrl)) return openAiVoices.map((id) => toVoice({ id }));
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(baseUrl, '/audio/voices'),
      headers: authorization(apiKey),
      timeouts: hostedTimeouts.tts,
      awaited: 'list of voices',
      acceptedStatuses: [404, 405],
      signal,
    },
    (answer) => readText(answer.chunks, 4_000_000),
  );
  const list = voiceListSchema.safeParse(parseJson(text));
  return list.success
    ? list.data.voices.map((voice) => toVoice(typeof voice === 'string' ? { id: voice } : voice))
    : [];
}

function toVoice({ id, name, gender, locale }: Partial<Voice> & { readonly id: string }): Voice {
  return { id, name: name ?? id, gender: gender ?? '', locale: locale ?? '' };
}

/** Undefined where it is no JSON: a server without a list answers with any page it has. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
