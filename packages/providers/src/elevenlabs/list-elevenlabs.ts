/** Voices and models of an ElevenLabs account. */
import type { Voice } from '@sophy/contracts/http-engines';
import { z } from 'zod';
import type { EngineModel } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { elevenLabsIdentity } from './elevenlabs-failure.ts';

const voicesSchema = z.object({
  voices: z.array(
    z.object({
      voice_id: z.string(),
      name: z.string().nullish(),
      labels: z.record(z.string(), z.string().nullish()).nullish(),
    }),
  ),
  has_more: z.boolean().nullish(),
  next_page_token: z.string().nullish(),
});
const modelsSchema = z.array(
  z.object({
    model_id: z.string(),
    name: z.string().nullish(),
    can_do_text_to_speech: z.boolean().nullish(),
  }),
);

type Account = { readonly baseUrl: string; readonly apiKey: string; readonly signal: AbortSignal };

const voicesAPage = 100;
/** More voices than anybody chooses from. */
const mostPages = 10;

/** Asks `GET /v2/voices`, page by page. Throws `ProviderError`. */
export async function listElevenLabsVoices(account: Account): Promise<readonly Voice[]> {
  const voices: Voice[] = [];
  let token = '';
  for (let page = 0; page < mostPages; page += 1) {
    const next = token === '' ? '' : `&next_page_token=${encodeURIComponent(token)}`;
    const text = await ask(account, `/v2/voices?page_size=${voicesAPage}${next}`, 'list of voices');
    const list = parseAnswer(elevenLabsIdentity, text, voicesSchema, 'list of voices');
    for (const { voice_id: id, name, labels } of list.voices)
      voices.push({
        id,
        name: name ?? id,
        gender: labels?.['gender'] ?? '',
        locale: labels?.['locale'] ?? labels?.['language'] ?? '',
      });
    token = list.next_page_token ?? '';
    if (list.has_more !== true || token === '') break;
  }
  return voices;
}

/** Asks `GET /v1/models`; those that only convert voices, or that no WebSocket takes, are left out. */
export async function listElevenLabsModels(account: Account): Promise<readonly EngineModel[]> {
  const text = await ask(account, '/v1/models', 'list of models');
  return parseAnswer(elevenLabsIdentity, text, modelsSchema, 'list of models')
    .filter(({ model_id: id, can_do_text_to_speech: speaks }) => speaks !== false && !/_v3/.test(id))
    .map(({ model_id: id, name }) => ({ id, name: name ?? id }));
}

function ask({ baseUrl, apiKey, signal }: Account, path: string, awaited: string): Promise<string> {
  return askEngine(
    {
      identity: elevenLabsIdentity,
      method: 'GET',
      url: serviceUrl(baseUrl, path),
      headers: { 'xi-api-key': apiKey },
      // Nobody is on the line for it.
      timeouts: { ...hostedTimeouts.tts, answerMs: 10_000 },
      awaited,
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
}
