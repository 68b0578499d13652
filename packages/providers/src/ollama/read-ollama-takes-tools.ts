/** Whether a model of an Ollama takes tools. */
import { ProviderError } from '@sophy/conversation/provider-error';
import { z } from 'zod';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';

const identity = { stage: 'llm', engine: 'ollama' } as const;
/** Versions before 0.6.4 do not list capabilities. */
const showSchema = z.object({ capabilities: z.array(z.string()).nullish() });
const limitMs = 500;
/** What models of which address were found to take; a model does not change under its name. */
const known = new Map<string, boolean>();

/**
 * Asks `POST /api/show`. Undefined where Ollama does not say: the chat itself then tells, or tells what is wrong.
 * @throws ProviderError `cancelled` when the caller cancels.
 */
export async function readOllamaTakesTools(
  options: { readonly host: string; readonly model: string; readonly timeouts: EngineTimeouts },
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const key = `${options.host} ${options.model}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  try {
    const text = await askEngine(
      {
        identity,
        method: 'POST',
        url: serviceUrl(options.host, '/api/show'),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: options.model }),
        timeouts: { connectMs: options.timeouts.connectMs, answerMs: limitMs, stallMs: limitMs },
        awaited: 'description of the model',
        signal,
      },
      // With licence and template.
      (answer) => readText(answer.chunks, 16_000_000),
    );
    const { capabilities } = parseAnswer(identity, text, showSchema, 'description');
    if (!capabilities) return undefined;
    known.set(key, capabilities.includes('tools'));
    return capabilities.includes('tools');
  } catch (error) {
    if (error instanceof ProviderError && error.category !== 'cancelled') return undefined;
    throw error;
  }
}
