/** OpenRouter as an engine. */
import type { LlmEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { listOpenAiModels } from '../openai/list-openai-models.ts';
import { authorization } from '../openai/openai-endpoint.ts';
import { createOpenrouterLlm } from './openrouter-llm.ts';

export const openrouterLlm: LlmEntry = {
  id: 'openrouter',
  stage: 'llm',
  name: 'OpenRouter',
  isSelfHosted: false,
  capabilities: { isStreaming: true, takesTools: true },
  missing: ({ settings }) => {
    if (settings.openrouter_api_key === '') return 'Set openrouter_api_key.';
    return settings.openrouter_model === '' ? 'Set openrouter_model.' : undefined;
  },
  model: ({ settings }) => settings.openrouter_model,
  baseUrl: ({ endpoints }) => endpoints.openrouterBaseUrl,
  // Its list of models is public; this one needs the key.
  warmUp: ({ settings, endpoints }) => ({
    url: serviceUrl(endpoints.openrouterBaseUrl, '/key'),
    headers: authorization(settings.openrouter_api_key),
  }),
  listModels: ({ settings, endpoints }, signal) =>
    listOpenAiModels({
      identity: { stage: 'llm', engine: 'openrouter' },
      baseUrl: endpoints.openrouterBaseUrl,
      headers: authorization(settings.openrouter_api_key),
      signal,
    }),
  open: ({ settings, endpoints }) =>
    createOpenrouterLlm({
      baseUrl: endpoints.openrouterBaseUrl,
      apiKey: settings.openrouter_api_key,
      model: settings.openrouter_model,
      timeouts: hostedTimeouts.llm,
    }),
};
