/** Language model: streamed `POST /chat/completions` of OpenAI and everything that speaks like it. */
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { ProviderError } from '@sophy/conversation/provider-error';
import { engineFailure } from '../http/engine-failure.ts';
import { type EngineAnswer, exchangeWithEngine, readText } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';
import { sseData } from '../http/sse-data.ts';
import { chatMessages, chatTools } from './chat-request.ts';
import { readChatStream } from './chat-stream.ts';
import { endpointHeaders, endpointLabel, isOpenAiItself, type OpenAiEndpoint } from './openai-endpoint.ts';

export type OpenAiLlmOptions = OpenAiEndpoint & {
  /** Further fields of the request that only this server knows, e.g. `reasoning_effort`. */
  readonly extraFields?: Readonly<Record<string, unknown>>;
  /** Whether its models are told of tools; left out: yes. */
  readonly takesTools?: boolean;
};

const wholeAnswerBytes = 4_000_000;

/** An OpenAI-compatible chat server. */
export function createOpenAiLlm(options: OpenAiLlmOptions): LlmPort {
  const identity = { stage: 'llm', engine: options.engine } as const;

  async function* readAnswer(answer: EngineAnswer): AsyncGenerator<LlmEvent, void, undefined> {
    const contentType = answer.headers['content-type']?.toLowerCase() ?? '';
    if (contentType.includes('text/html'))
      throw engineFailure(identity, 'bad-response', 'the address answers with a web page; check the address');
    const data = contentType.includes('application/json') ? wholeAnswer(answer) : sseData(answer.chunks);
    for await (const event of readChatStream(identity, data, answer.progress)) {
      answer.progress();
      yield event;
    }
  }

  function ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    return exchangeWithEngine(
      {
        identity,
        method: 'POST',
        url: serviceUrl(options.baseUrl, '/chat/completions'),
        headers: { ...endpointHeaders(options, 'application/json'), accept: 'text/event-stream' },
        body: JSON.stringify(requestBody(options, request)),
        timeouts: options.timeouts,
        awaited: 'first text',
        signal,
      },
      readAnswer,
    );
  }

  // Many servers have models with tools and without, and tell them apart only by refusing the request.
  let takesTools = options.takesTools ?? true;

  async function* stream(
    request: LlmRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LlmEvent, void, undefined> {
    const { tools = [], ...withoutTools } = request;
    if (tools.length === 0 || !takesTools) {
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
      const isRefusal = error instanceof ProviderError && error.category === 'invalid-request';
      if (hasEmitted || !isRefusal) throw error;
    }
    for await (const event of ask(withoutTools, signal)) {
      // It answers once the tools are gone: they were what it refused.
      takesTools = false;
      yield event;
    }
  }

  return {
    label: endpointLabel(options),
    get takesTools() {
      return takesTools;
    },
    stream: (request, { signal }) => stream(request, signal),
  };
}

/** A server that ignores `stream: true` sends one JSON document. */
async function* wholeAnswer(answer: EngineAnswer): AsyncGenerator<string, void, undefined> {
  yield await readText(answer.chunks, wholeAnswerBytes);
}

function requestBody(options: OpenAiLlmOptions, request: LlmRequest): Record<string, unknown> {
  const isOpenAi = isOpenAiItself(options.baseUrl);
  return {
    ...(options.model ? { model: options.model } : {}),
    messages: chatMessages(request.messages),
    ...chatTools(request.tools),
    stream: true,
    stream_options: { include_usage: true },
    // OpenAI's newer models refuse `max_tokens`; most other servers know nothing else.
    ...(isOpenAi ? { max_completion_tokens: request.maxTokens } : { max_tokens: request.maxTokens }),
    // The first GPT-5 models think before they speak unless told not to, which a caller hears as silence.
    ...(isOpenAi && /^gpt-5(-mini|-nano)?(-\d{4}.*)?$/.test(options.model ?? '')
      ? { reasoning_effort: 'minimal' }
      : {}),
    ...options.extraFields,
  };
}
