/** Messages and tools of a request as chat completions spell them. */
import type { LlmMessage, LlmTool } from '@sophy/conversation/llm-port';

export function chatMessages(messages: readonly LlmMessage[]): readonly object[] {
  return messages.map((message) => {
    if (message.role === 'tool')
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    const { role, content, toolCalls = [] } = message;
    if (toolCalls.length === 0) return { role, content };
    return {
      role,
      content: content === '' ? null : content,
      tool_calls: toolCalls.map((call) => ({
        id: call.callId,
        type: 'function',
        // Servers parse the arguments again, and some refuse the whole request over what the model itself has spoilt.
        function: { name: call.name, arguments: isJson(call.argumentsJson) ? call.argumentsJson : '{}' },
      })),
    };
  });
}

export function chatTools(tools: readonly LlmTool[] = []): { readonly tools?: readonly object[] } {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    })),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Any text that does not parse is no JSON: there is nothing more to know.
    return false;
  }
}
