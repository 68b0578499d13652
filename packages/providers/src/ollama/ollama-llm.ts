/** Ollama as the brain, through its OpenAI-compatible side. */
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { createOpenAiLlm } from '../openai/openai-llm.ts';

export type OllamaLlmOptions = {
  /** Address without `/v1`, e.g. `http://127.0.0.1:11434`. */
  readonly host: string;
  readonly model: string;
  readonly timeouts: EngineTimeouts;
};

export function createOllamaLlm(options: OllamaLlmOptions): LlmPort {
  return createOpenAiLlm({
    baseUrl: `${options.host.replace(/\/+$/, '')}/v1`,
    apiKey: undefined,
    model: options.model,
    engine: 'ollama',
    timeouts: options.timeouts,
    // Models that think do so in silence for many seconds; `none` is how this side turns it off.
    extraFields: { reasoning_effort: 'none' },
  });
}
