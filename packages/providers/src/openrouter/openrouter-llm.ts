/** OpenRouter as the brain, through its OpenAI-compatible side. */
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { createOpenAiLlm } from '../openai/openai-llm.ts';

export type OpenrouterLlmOptions = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly timeouts: EngineTimeouts;
};

/** How OpenRouter names the application in the account's own activity list. */
export const openrouterHeaders = { 'x-title': 'Sophy Fleet' } as const;

export function createOpenrouterLlm(options: OpenrouterLlmOptions): LlmPort {
  return createOpenAiLlm({ ...options, engine: 'openrouter', headers: openrouterHeaders });
}
