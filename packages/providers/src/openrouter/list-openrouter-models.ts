/** Models that OpenRouter offers, with their prices. */
import type {
  openrouterModelSchema,
  openrouterModelsQuerySchema,
  openrouterModelsResponseSchema,
} from '@sophy/contracts/http-engines';
import { z } from 'zod';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { authorization } from '../openai/openai-endpoint.ts';
import { openrouterHeaders } from './openrouter-llm.ts';

type OpenrouterModel = z.infer<typeof openrouterModelSchema>;
type OpenrouterQuery = z.infer<typeof openrouterModelsQuerySchema>;
export type OpenrouterModels = z.infer<typeof openrouterModelsResponseSchema>;

const identity = { stage: 'llm', engine: 'openrouter' } as const;
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullish(),
      description: z.string().nullish(),
      context_length: z.number().nullish(),
      architecture: z.object({ input_modalities: z.array(z.string()).nullish() }).nullish(),
      pricing: z.object({ prompt: z.string().nullish(), completion: z.string().nullish() }).nullish(),
      supported_parameters: z.array(z.string()).nullish(),
    }),
  ),
});

/**
 * Asks `GET /models`, which needs no key, and keeps those that match the query.
 * @throws ProviderError when OpenRouter does not answer with a list.
 */
export async function listOpenrouterModels(
  endpoint: { readonly baseUrl: string; readonly apiKey: string },
  query: OpenrouterQuery,
  signal: AbortSignal = new AbortController().signal,
): Promise<OpenrouterModels> {
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(endpoint.baseUrl, '/models'),
      headers: { ...authorization(endpoint.apiKey), ...openrouterHeaders },
      // The list is half a megabyte and nobody is on the line for it.
      timeouts: { ...hostedTimeouts.llm, answerMs: 10_000 },
      awaited: 'list of models',
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
  const { data } = parseAnswer(identity, text, listSchema, 'list of models');
  const wanted = query.search?.trim().toLowerCase() ?? '';
  const models = data
    .map(toModel)
    .filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted))
    .sort(comparisons[query.sort_by]);
  return { models, count: models.length };
}

function toModel(model: z.infer<typeof listSchema>['data'][number]): OpenrouterModel {
  const promptCost = price(model.pricing?.prompt);
  const completionCost = price(model.pricing?.completion);
  const parameters = model.supported_parameters ?? [];
  return {
    id: model.id,
    name: model.name ?? model.id,
    description: model.description ?? '',
    context_length: model.context_length ?? 0,
    prompt_cost: promptCost,
    completion_cost: completionCost,
    total_cost: promptCost === null || completionCost === null ? null : promptCost + completionCost,
    supports_vision: model.architecture?.input_modalities?.includes('image') ?? false,
    supports_tools: parameters.includes('tools'),
    supports_json_mode: parameters.includes('response_format'),
  };
}

/** Dollars per token; routers that choose a model themselves say -1, which is no price. */
function price(text: string | null | undefined): number | null {
  const value = Number(text || Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

const byName = (a: OpenrouterModel, b: OpenrouterModel) => a.name.localeCompare(b.name);
/** Unknown prices come last whichever way prices are sorted. */
function byCost(direction: 1 | -1) {
  return (a: OpenrouterModel, b: OpenrouterModel) => {
    if (a.total_cost === null || b.total_cost === null)
      return Number(a.total_cost === null) - Number(b.total_cost === null) || byName(a, b);
    return direction * (a.total_cost - b.total_cost) || byName(a, b);
  };
}

const comparisons: Readonly<
  Record<OpenrouterQuery['sort_by'], (a: OpenrouterModel, b: OpenrouterModel) => number>
> = {
  name: byName,
  cost: byCost(1),
  cost_desc: byCost(-1),
  context: (a, b) => b.context_length - a.context_length || byName(a, b),
  vision: (a, b) => Number(b.supports_vision) - Number(a.supports_vision) || byName(a, b),
  tools: (a, b) => Number(b.supports_tools) - Number(a.supports_tools) || byName(a, b),
};
