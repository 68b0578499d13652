/**
 * The models of the local engines as an operator chooses them: listed, fetched and deleted. A refusal of the engines is
 * a `ProviderError` with their status and, as its message, their own words.
 */
import { type LocalModel, localModelSchema, localModelsResponseSchema } from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import { z } from 'zod';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';

const identity = { stage: 'stt', engine: 'local' } as const;
const answerBytes = 1_000_000;

/** Installed models and installable ones, with the downloads under way. Throws `ProviderError`. */
export async function listLocalModels(
  enginesUrl: string,
  signal: AbortSignal,
): Promise<readonly LocalModel[]> {
  const text = await ask(enginesUrl, 'GET', '/models', signal);
  return parseAnswer(identity, text, localModelsResponseSchema, 'list of models').data;
}

/** Begins to fetch a model; `listLocalModels` tells how far it is. Throws `ProviderError`. */
export async function downloadLocalModel(
  enginesUrl: string,
  id: string,
  signal: AbortSignal,
): Promise<LocalModel> {
  const text = await ask(enginesUrl, 'POST', `/models/${encodeURIComponent(id)}/download`, signal);
  return parseAnswer(identity, text, localModelSchema, 'model');
}

/** Deletes a model that nothing uses, or ends its download. Throws `ProviderError`. */
export async function deleteLocalModel(enginesUrl: string, id: string, signal: AbortSignal): Promise<void> {
  await ask(enginesUrl, 'DELETE', `/models/${encodeURIComponent(id)}`, signal);
}

const refusalSchema = z.object({ error: z.object({ message: z.string() }) });
/** Refusals whose text tells the operator what to do; nothing that people say is in them. */
const explainedStatuses = [400, 404, 409, 503, 507];

async function ask(
  enginesUrl: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const { status, text } = await askEngine(
    {
      identity,
      method,
      url: serviceUrl(enginesUrl, path),
      headers: {},
      timeouts: localTimeouts.stt,
      awaited: 'model answer',
      acceptedStatuses: explainedStatuses,
      signal,
    },
    async (answer) => ({ status: answer.status, text: await readText(answer.chunks, answerBytes) }),
  );
  if (!explainedStatuses.includes(status)) return text;
  const { message } = parseAnswer(identity, text, refusalSchema, 'reason of its refusal').error;
  throw new ProviderError({ ...identity, category: 'invalid-request', message, status, isRetryable: false });
}
