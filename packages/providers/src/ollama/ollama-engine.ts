/** Ollama as an engine. */
import type { LlmEntry } from '../engine-entry.ts';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { KeylessBrain } from '../local/keyless-brain.ts';
import { listOllamaModels } from './list-ollama-models.ts';
import { createOllamaLlm } from './ollama-llm.ts';

export const ollamaLlm: LlmEntry = {
  id: 'ollama',
  stage: 'llm',
  name: 'Ollama',
  isSelfHosted: true,
  capabilities: { isStreaming: true, takesTools: true },
  missing: () => undefined,
  model: ({ settings }) => settings.ollama_model,
  baseUrl: ({ endpoints }) => endpoints.ollamaHost,
  warmUp: ({ endpoints }) => ({ url: serviceUrl(endpoints.ollamaHost, '/api/version'), headers: {} }),
  listModels: async ({ endpoints }, signal) =>
    (await listOllamaModels(endpoints.ollamaHost, { signal })).models,
  // Without a model it takes the first that Ollama lists.
  open: ({ settings, endpoints }) =>
    settings.ollama_model === ''
      ? new KeylessBrain({ ollamaHost: endpoints.ollamaHost, ollamaModel: '', enginesUrl: undefined })
      : createOllamaLlm({
          host: endpoints.ollamaHost,
          model: settings.ollama_model,
          timeouts: localTimeouts.llm,
        }),
};
