/** Ollama as the brain, through its own `POST /api/chat`. */
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { exchangeWithEngine } from '../http/exchange-with-engine.ts';
import { ndjsonLines } from '../http/ndjson-lines.ts';
import { serviceUrl } from '../http/service-url.ts';
import { ollamaRequest } from './ollama-request.ts';
import { readOllamaStream } from './ollama-stream.ts';
import { readOllamaTakesTools } from './read-ollama-takes-tools.ts';

export type OllamaLlmOptions = {
  /** Address without a path, e.g. `http://127.0.0.1:11434`. */
  readonly host: string;
  readonly model: string;
  readonly timeouts: EngineTimeouts;
};

const identity = { stage: 'llm', engine: 'ollama' } as const;

/** Asks once, with the first request that offers tools, whether the model takes them: Ollama refuses them otherwise. */
export function createOllamaLlm(options: OllamaLlmOptions): LlmPort {
  let takesTools: boolean | undefined;

  function ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    return exchangeWithEngine(
      {
        identity,
        method: 'POST',
        url: serviceUrl(options.host, '/api/chat'),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ollamaRequest(options.model, request)),
        timeouts: options.timeouts,
        awaited: 'first text',
        signal,
      },
      async function* (answer) {
        for await (const event of readOllamaStream(identity, ndjsonLines(answer.chunks), answer.progress)) {
          answer.progress();
          yield event;
        }
      },
    );
  }

  async function* stream(
    request: LlmRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LlmEvent, void, undefined> {
    const { tools = [], ...withoutTools } = request;
    if (tools.length > 0) takesTools ??= await readOllamaTakesTools(options, signal);
    if (tools.length === 0 || takesTools === false) {
      yield* ask(withoutTools, signal);
      return;
    }
    let hasEmitted = false;
    try {
      for await (const event of ask(request, signal)) {
        hasEmitted = true;
        yield event;
      }
      return;
    } catch (error) {
      const isRefusal = error instanceof ProviderError && error.status === 400;
      if (hasEmitted || takesTools === true || !isRefusal) throw error;
    }
    for await (const event of ask(withoutTools, signal)) {
      // It answers once the tools are gone: they were what it refused.
      takesTools = false;
      yield event;
    }
  }

  return {
    label: `ollama:${options.model}`,
    get takesTools() {
      return takesTools ?? true;
    },
    stream: (request, { signal }) => stream(request, signal),
  };
}
