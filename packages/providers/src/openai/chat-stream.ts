/** Reads the events of a streamed chat completion, tolerant of what compatible servers really send. */
import type { LlmEvent } from '@sophy/conversation/llm-port';
import { z } from 'zod';
import { categoryOfStatus, type EngineIdentity, engineFailure } from '../http/engine-failure.ts';
import { machineName } from '../http/exchange-with-engine.ts';
import { ToolCallParts, toolCallPartSchema } from './tool-call-parts.ts';

const messageSchema = z
  .object({ content: z.string().nullish(), tool_calls: z.array(toolCallPartSchema).nullish() })
  .nullish();

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: messageSchema,
        /** A server that ignores `stream` answers with whole messages. */
        message: messageSchema,
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  error: z
    .union([
      z.string(),
      z.object({ code: z.union([z.number(), z.string()]).nullish(), type: z.string().nullish() }),
    ])
    .nullish(),
});

/**
 * Text pieces as they come, then the tool calls, then the usage once. Empty deltas, roles and reasoning give nothing.
 * @param onToolPart a part of a tool call came: nothing to say yet, but the engine is at work.
 * @throws ProviderError when the stream carries an error, is no chat stream, or ends before its end.
 */
export async function* readChatStream(
  identity: EngineIdentity,
  data: AsyncIterable<string>,
  onToolPart: () => void = () => undefined,
): AsyncGenerator<LlmEvent, void, undefined> {
  let usage: LlmEvent | undefined;
  let isComplete = false;
  const toolCalls = new ToolCallParts();
  for await (const item of data) {
    if (item.trim() === '[DONE]') {
      isComplete = true;
      break;
    }
    const chunk = parseChunk(identity, item);
    if (chunk.error !== undefined && chunk.error !== null) throw failureInStream(identity, chunk.error);
    for (const choice of chunk.choices ?? []) {
      const text = choice.delta?.content ?? choice.message?.content ?? '';
      if (text !== '') yield { type: 'text', text };
      for (const part of choice.delta?.tool_calls ?? choice.message?.tool_calls ?? []) {
        toolCalls.add(part);
        onToolPart();
      }
      isComplete ||= typeof choice.finish_reason === 'string';
    }
    usage = usageOf(chunk) ?? usage;
  }
  if (!isComplete) throw engineFailure(identity, 'connectivity', 'the answer was cut off before its end');
  for (const call of toolCalls.finish()) {
    if (call.name === '')
      throw engineFailure(identity, 'bad-response', 'a tool call of the answer has no name');
    yield { type: 'tool-call', ...call };
  }
  if (usage !== undefined) yield usage;
}

/** Undefined where a server leaves one of the counts out: 0 would be taken for nothing used. */
function usageOf({ usage }: z.infer<typeof chunkSchema>): LlmEvent | undefined {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage ?? {};
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined;
  const cachedPromptTokens = usage?.prompt_tokens_details?.cached_tokens;
  return {
    type: 'usage',
    promptTokens,
    completionTokens,
    ...(typeof cachedPromptTokens === 'number' ? { cachedPromptTokens } : {}),
  };
}

function parseChunk(identity: EngineIdentity, item: string): z.infer<typeof chunkSchema> {
  let value: unknown;
  try {
    value = JSON.parse(item);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw engineFailure(identity, 'bad-response', 'an event of the answer is not JSON; check the address');
  }
  const chunk = chunkSchema.safeParse(value);
  if (!chunk.success)
    throw engineFailure(identity, 'bad-response', 'an event of the answer is no chat completion');
  return chunk.data;
}

type StreamError = Exclude<z.infer<typeof chunkSchema>['error'], null | undefined>;

/** OpenRouter and llama.cpp put the HTTP status into `code`, OpenAI a name. */
function failureInStream(identity: EngineIdentity, error: StreamError) {
  const code = typeof error === 'string' ? undefined : (machineName(error.code) ?? machineName(error.type));
  const status = typeof error === 'object' ? Number(error.code ?? Number.NaN) : Number.NaN;
  const category = Number.isInteger(status) ? categoryOfStatus(status, code) : categoryOfName(code);
  const named = Number.isInteger(status) ? String(status) : code;
  return engineFailure(
    identity,
    category === 'bad-response' ? 'server' : category,
    `failed while answering${named === undefined ? '' : ` (${named})`}`,
    Number.isInteger(status) ? { status } : {},
  );
}

/** Category of a service's error name where there is no status. */
export function categoryOfName(name: string | undefined) {
  if (name === undefined) return 'server';
  if (name === 'insufficient_quota') return 'quota';
  if (name.includes('rate_limit')) return 'rate-limit';
  if (name.includes('api_key') || name.includes('authentication') || name.includes('permission'))
    return 'authentication';
  if (name.startsWith('invalid_') || name.endsWith('_not_found') || name === 'context_length_exceeded')
    return 'invalid-request';
  return 'server';
}
