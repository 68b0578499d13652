/** Models that an OpenAI-compatible server lists. */
import { z } from 'zod';
import type { EngineModel } from '../engine-entry.ts';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Asks `GET /models`. Throws `ProviderError`. */
export async function listOpenAiModels(options: {
  readonly identity: EngineIdentity;
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}): Promise<readonly EngineModel[]> {
  const { identity, baseUrl, headers, signal } = options;
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(baseUrl, '/models'),
      headers,
      timeouts: hostedTimeouts[identity.stage],
      awaited: 'list of models',
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
  const { data } = parseAnswer(identity, text, modelsSchema, 'list of models');
  return data.map(({ id }) => ({ id, name: id }));
}
