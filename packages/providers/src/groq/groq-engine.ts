/** Groq as an engine: its OpenAI-compatible side. */
import type { EngineContext, LlmEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { listOpenAiModels } from '../openai/list-openai-models.ts';
import { authorization } from '../openai/openai-endpoint.ts';
import { createOpenAiLlm } from '../openai/openai-llm.ts';

const headers = ({ settings }: EngineContext) => authorization(settings.groq_api_key);
const baseUrl = ({ endpoints }: EngineContext) => endpoints.groqBaseUrl;

export const groqLlm: LlmEntry = {
  id: 'groq',
  stage: 'llm',
  name: 'Groq',
  isSelfHosted: false,
  capabilities: { isStreaming: true, takesTools: true },
  missing: ({ settings }) => {
    if (settings.groq_api_key === '') return 'Set groq_api_key.';
    return settings.groq_model === '' ? 'Set groq_model.' : undefined;
  },
  model: ({ settings }) => settings.groq_model,
  baseUrl,
  warmUp: (context) => ({ url: serviceUrl(baseUrl(context), '/models'), headers: headers(context) }),
  listModels: async (context, signal) => {
    const models = await listOpenAiModels({
      identity: { stage: 'llm', engine: 'groq' },
      baseUrl: baseUrl(context),
      headers: headers(context),
      signal,
    });
    return models.filter(({ id }) => !isNoTalker(id));
  },
  open: (context) =>
    createOpenAiLlm({
      engine: 'groq',
      baseUrl: baseUrl(context),
      apiKey: context.settings.groq_api_key,
      model: context.settings.groq_model,
      timeouts: hostedTimeouts.llm,
      extraFields: reasoningFields(context.settings.groq_model),
    }),
};

/** The list also has models that hear, speak or only judge texts. */
function isNoTalker(id: string): boolean {
  return /whisper|tts|orpheus|guard|safeguard/.test(id);
}

/**
 * Thinking is silence to a caller: as little of it as each family takes, and none of it as text. Groq refuses the
 * fields for models that do not think (console.groq.com/docs/reasoning).
 */
function reasoningFields(model: string): Readonly<Record<string, unknown>> {
  if (/gpt-oss/.test(model)) return { reasoning_effort: 'low', include_reasoning: false };
  if (/qwen3/.test(model)) return { reasoning_effort: 'none', reasoning_format: 'hidden' };
  return {};
}
