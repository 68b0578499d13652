/** Chat completions of a scripted engine server: what is asked, with tools, and how an answer is streamed. */
import type { LlmMessage, LlmToolCall } from '@sophy/conversation/llm-port';
import { wordsOf } from '@sophy/providers/scripted/scripted-llm';
import { z } from 'zod';
import type { TimedAnswer } from './scripted-engine-server-answer.ts';

const chatMessageSchema: z.ZodType<LlmMessage> = z.discriminatedUnion('role', [
  z
    .object({
      role: z.enum(['system', 'user', 'assistant']),
      content: z.string().nullable(),
      tool_calls: z
        .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
        .optional(),
    })
    .transform(({ role, content, tool_calls }) => ({
      role,
      content: content ?? '',
      ...(tool_calls === undefined
        ? {}
        : {
            toolCalls: tool_calls.map((call) => ({
              callId: call.id,
              name: call.function.name,
              argumentsJson: call.function.arguments,
            })),
          }),
    })),
  z
    .object({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() })
    .transform(({ role, tool_call_id: callId, content }) => ({ role, callId, content })),
]);

const chatSchema = z.object({
  model: z.string().optional(),
  messages: z.array(chatMessageSchema),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});
export type ChatRequest = {
  readonly model: string | undefined;
  readonly messages: readonly LlmMessage[];
  /** Names of the tools that are offered. */
  readonly tools: readonly string[];
};

/** Throws what zod throws where the request is no chat completion. */
export function readChatRequest(body: string): ChatRequest {
  const { model, messages, tools } = chatSchema.parse(JSON.parse(body));
  return { model, messages, tools: tools.map((tool) => tool.function.name) };
}

/** As servers stream it: each word an event, each tool call in three, the end, the usage, the end mark. */
export function chatAnswer(
  { reply, toolCalls }: { readonly reply: string; readonly toolCalls: readonly LlmToolCall[] },
  firstMs: number,
  tokensPerSecond: number,
): TimedAnswer {
  const event = (value: object) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-scripted', object: 'chat.completion.chunk', ...value })}\n\n`;
  const words = wordsOf(reply);
  const tokens = words.map((content) => event({ choices: [{ index: 0, delta: { content } }] }));
  const delta = (index: number, part: object) =>
    event({ choices: [{ index: 0, delta: { tool_calls: [{ index, ...part }] } }] });
  const calls = toolCalls.flatMap(({ callId, name, argumentsJson }, index) => {
    const half = Math.floor(argumentsJson.length / 2);
    return [
      delta(index, { id: callId, type: 'function', function: { name, arguments: '' } }),
      delta(index, { function: { arguments: argumentsJson.slice(0, half) } }),
      delta(index, { function: { arguments: argumentsJson.slice(half) } }),
    ];
  });
  const finish_reason = toolCalls.length > 0 ? 'tool_calls' : 'stop';
  const end = [
    event({ choices: [{ index: 0, delta: {}, finish_reason }] }),
    event({ choices: [], usage: { prompt_tokens: 10, completion_tokens: words.length } }),
    'data: [DONE]\n\n',
  ].join('');
  return {
    contentType: 'text/event-stream',
    firstMs,
    pieceMs: 1_000 / tokensPerSecond,
    pieces: [...tokens, ...calls, end],
  };
}
