/** Cerebras as an engine: its OpenAI-compatible side. */
import type { EngineContext, LlmEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { listOpenAiModels } from '../openai/list-openai-models.ts';
import { authorization } from '../openai/openai-endpoint.ts';
import { createOpenAiLlm } from '../openai/openai-llm.ts';

const headers = ({ settings }: EngineContext) => authorization(settings.cerebras_api_key);
const baseUrl = ({ endpoints }: EngineContext) => endpoints.cerebrasBaseUrl;

export const cerebrasLlm: LlmEntry = {
  id: 'cerebras',
  stage: 'llm',
  name: 'Cerebras',
  isSelfHosted: false,
  capabilities: { isStreaming: true, takesTools: true },
  missing: ({ settings }) => {
    if (settings.cerebras_api_key === '') return 'Set cerebras_api_key.';
    return settings.cerebras_model === '' ? 'Set cerebras_model.' : undefined;
  },
  model: ({ settings }) => settings.cerebras_model,
  baseUrl,
  warmUp: (context) => ({ url: serviceUrl(baseUrl(context), '/models'), headers: headers(context) }),
  listModels: (context, signal) =>
    listOpenAiModels({
      identity: { stage: 'llm', engine: 'cerebras' },
      baseUrl: baseUrl(context),
      headers: headers(context),
      signal,
    }),
  open: (context) =>
    createOpenAiLlm({
      engine: 'cerebras',
      baseUrl: baseUrl(context),
      apiKey: context.settings.cerebras_api_key,
      model: context.settings.cerebras_model,
      timeouts: hostedTimeouts.llm,
      extraFields: reasoningFields(context.settings.cerebras_model),
    }),
};

/**
 * Thinking is silence to a caller. Cerebras takes `low` as the least for gpt-oss and answers 400 to `none`; GLM
 * thinks unless it is turned off, and other models refuse the fields (inference-docs.cerebras.ai).
 */
function reasoningFields(model: string): Readonly<Record<string, unknown>> {
  if (/gpt-oss/.test(model)) return { reasoning_effort: 'low' };
  if (/glm/.test(model)) return { disable_reasoning: true };
  return {};
}
