/** Voices of Deepgram's Aura-2. */
import type { Voice } from '@sophy/contracts/http-engines';
import { z } from 'zod';
import type { EngineModel } from '../engine-entry.ts';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { deepgramHeaders } from './deepgram-endpoint.ts';

/** First of the featured voices of each language at developers.deepgram.com/docs/tts-models. */
const defaultVoices = new Map([
  ['en', 'aura-2-thalia-en'],
  ['it', 'aura-2-livia-it'],
  ['es', 'aura-2-celeste-es'],
  ['de', 'aura-2-viktoria-de'],
  ['fr', 'aura-2-agathe-fr'],
  ['nl', 'aura-2-rhea-nl'],
  ['ja', 'aura-2-izanami-ja'],
]);

export const deepgramVoiceLanguages: readonly string[] = [...defaultVoices.keys()];
const englishVoice = 'aura-2-thalia-en';

/** A voice that speaks the language; an English one where none does. */
export function deepgramVoice(language: string | undefined): string {
  return defaultVoices.get(language ?? 'en') ?? englishVoice;
}

const modelsSchema = z.object({
  stt: z
    .array(z.object({ canonical_name: z.string(), name: z.string(), streaming: z.boolean().optional() }))
    .optional(),
  tts: z
    .array(
      z.object({
        canonical_name: z.string(),
        name: z.string(),
        architecture: z.string().optional(),
        languages: z.array(z.string()).optional(),
        metadata: z.object({ tags: z.array(z.string()).nullish() }).nullish(),
      }),
    )
    .optional(),
});

type ListOptions = { readonly baseUrl: string; readonly apiKey: string; readonly signal: AbortSignal };

async function listAll(identity: EngineIdentity, { baseUrl, apiKey, signal }: ListOptions) {
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(baseUrl, '/v1/models'),
      headers: deepgramHeaders(apiKey),
      timeouts: hostedTimeouts[identity.stage],
      awaited: 'list of models',
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
  return parseAnswer(identity, text, modelsSchema, 'list of models');
}

/** Models that hear a stream. Throws `ProviderError`. */
export async function listDeepgramModels(options: ListOptions): Promise<readonly EngineModel[]> {
  const { stt = [] } = await listAll({ stage: 'stt', engine: 'deepgram' }, options);
  const ids = stt.filter(({ streaming }) => streaming !== false).map((model) => model.canonical_name);
  return [...new Set(ids)].map((id) => ({ id, name: id }));
}

/** Voices of Aura-2: the models before it speak English only and are being retired. Throws `ProviderError`. */
export async function listDeepgramVoices(options: ListOptions): Promise<readonly Voice[]> {
  const { tts = [] } = await listAll({ stage: 'tts', engine: 'deepgram' }, options);
  return tts
    .filter((model) => model.canonical_name.startsWith('aura-2-'))
    .map((model) => ({
      id: model.canonical_name,
      name: model.name.charAt(0).toUpperCase() + model.name.slice(1),
      gender: genderOf(model.metadata?.tags ?? []),
      locale: model.languages?.find((code) => code.includes('-')) ?? model.languages?.[0] ?? '',
    }));
}

function genderOf(tags: readonly string[]): string {
  if (tags.includes('feminine')) return 'female';
  return tags.includes('masculine') ? 'male' : '';
}
