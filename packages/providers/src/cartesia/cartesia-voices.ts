/** Voices of Cartesia. */
import type { Voice } from '@sophy/contracts/http-engines';
import { z } from 'zod';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { cartesiaHeaders } from './cartesia-endpoint.ts';

/** The voice that Cartesia recommends for agents, Katie; it speaks every language of Sonic 3 with her accent. */
const defaultVoice = 'f786b574-daa5-4673-aa0c-cbe3e8534c02';
/** Voices that are native: in Italian the "Italian Narrator Woman", named Alessandra today. */
const nativeVoices = new Map([['it', '0e21713a-5e9a-428a-bed4-90d410b87f13']]);

export function cartesiaVoice(language: string | undefined): string {
  return nativeVoices.get(language ?? '') ?? defaultVoice;
}

const pageSchema = z.object({
  data: z.array(
    z.object({ id: z.string(), name: z.string(), language: z.string(), gender: z.string().nullish() }),
  ),
  has_more: z.boolean().optional(),
});

const identity: EngineIdentity = { stage: 'tts', engine: 'cartesia' };
const voicesPerPage = 100;
/** Well above what the service has, so that a list that never ends does. */
const mostPages = 30;
const genders = new Map([
  ['feminine', 'female'],
  ['masculine', 'male'],
]);

/** Asks `GET /voices`, page after page. Throws `ProviderError`. */
export async function listCartesiaVoices(options: {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
}): Promise<readonly Voice[]> {
  const voices: Voice[] = [];
  let lastId: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { data, has_more: hasMore = false } = await readPage(options, lastId);
    for (const { id, name, language, gender } of data)
      voices.push({ id, name, gender: genders.get(gender ?? '') ?? '', locale: language });
    lastId = data.at(-1)?.id;
    if (!hasMore || lastId === undefined) break;
  }
  return voices;
}

async function readPage(
  options: { readonly baseUrl: string; readonly apiKey: string; readonly signal: AbortSignal },
  startingAfter: string | undefined,
) {
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(options.baseUrl, '/voices', { limit: voicesPerPage, starting_after: startingAfter }),
      headers: cartesiaHeaders(options.apiKey),
      timeouts: hostedTimeouts.tts,
      awaited: 'list of voices',
      signal: options.signal,
    },
    (answer) => readText(answer.chunks, 4_000_000),
  );
  return parseAnswer(identity, text, pageSchema, 'list of voices');
}
