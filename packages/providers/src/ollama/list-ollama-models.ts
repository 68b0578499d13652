/** Models that an Ollama has on its disk. */
import type { ollamaModelsResponseSchema } from '@sophy/contracts/http-engines';
import { z } from 'zod';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, originOf, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';

export type OllamaModels = z.infer<typeof ollamaModelsResponseSchema>;

const identity = { stage: 'llm', engine: 'ollama' } as const;
const tagsSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      size: z.number().default(0),
      modified_at: z.string().default(''),
      details: z.object({ family: z.string().nullish() }).nullish(),
    }),
  ),
});

/**
 * Asks `GET /api/tags`; newest first, as Ollama orders them. Models that only embed are left out:
 * they cannot talk.
 * @throws ProviderError when no Ollama answers within `limitMs`.
 */
export async function listOllamaModels(
  host: string,
  options: { readonly limitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<OllamaModels> {
  const limitMs = options.limitMs ?? hostedTimeouts.llm.answerMs;
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: `${host.replace(/\/+$/, '')}/api/tags`,
      headers: {},
      timeouts: { connectMs: hostedTimeouts.llm.connectMs, answerMs: limitMs, stallMs: limitMs },
      awaited: 'list of models',
      signal: options.signal ?? new AbortController().signal,
    },
    (answer) => readText(answer.chunks, 4_000_000),
  );
  const { models } = parseAnswer(identity, text, tagsSchema, 'list of models');
  return {
    host: originOf(host),
    models: models
      .filter(({ name, details }) => !/bert/.test(details?.family ?? '') && !/embed/.test(name))
      .map(({ name, size, modified_at }) => ({ id: name, name, size, modified_at })),
  };
}
