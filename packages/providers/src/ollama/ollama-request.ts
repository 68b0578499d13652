/** A request for Ollama's own `POST /api/chat`. */
import type { LlmMessage, LlmRequest } from '@sophy/conversation/llm-port';
import { z } from 'zod';
import { chatTools } from '../openai/chat-request.ts';

/**
 * Tokens of context that every request asks for. Ollama loads the model again, and forgets the prompt that it has
 * read, when the number changes from one request to the next; its own default of 4096 on small cards cuts long calls.
 */
const contextTokens = 8_192;
/** A model stays loaded between two calls of an hour, so that no caller waits for its loading. */
const keepAlive = '1h';

const argumentsSchema = z.record(z.string(), z.unknown());

export function ollamaRequest(model: string, request: LlmRequest): Readonly<Record<string, unknown>> {
  return {
    model,
    messages: ollamaMessages(request.messages),
    ...chatTools(request.tools),
    stream: true,
    // Models that think do so in silence for many seconds. gpt-oss always thinks and takes no less than `low`.
    think: /gpt-oss/.test(model) ? 'low' : false,
    keep_alive: keepAlive,
    options: { num_ctx: contextTokens, num_predict: request.maxTokens },
  };
}

/** Arguments are objects here, and results name their tool besides the call. */
function ollamaMessages(messages: readonly LlmMessage[]): readonly object[] {
  const toolNames = new Map<string, string>();
  return messages.map((message) => {
    if (message.role === 'tool') {
      const { callId, content } = message;
      return { role: 'tool', content, tool_call_id: callId, tool_name: toolNames.get(callId) };
    }
    const { role, content, toolCalls = [] } = message;
    if (toolCalls.length === 0) return { role, content };
    for (const { callId, name } of toolCalls) toolNames.set(callId, name);
    return {
      role,
      content,
      tool_calls: toolCalls.map(({ callId, name, argumentsJson }, index) => ({
        id: callId,
        function: { index, name, arguments: argumentsObject(argumentsJson) },
      })),
    };
  });
}

/** Empty where the model itself has spoilt them: Ollama refuses the whole request otherwise. */
function argumentsObject(json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const parsed = argumentsSchema.safeParse(value);
  return parsed.success ? parsed.data : {};
}
