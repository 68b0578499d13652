/** Reads the lines of an answer of Ollama's `POST /api/chat`. */
import type { LlmEvent } from '@sophy/conversation/llm-port';
import { z } from 'zod';
import { type EngineIdentity, engineFailure } from '../http/engine-failure.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { ToolCallParts, toolCallPartSchema } from '../openai/tool-call-parts.ts';

const lineSchema = z.union([
  /** Once it has begun to answer, a failure comes as a line, without a status. */
  z.object({ error: z.string() }),
  z.object({
    message: z
      .object({ content: z.string().nullish(), tool_calls: z.array(toolCallPartSchema).nullish() })
      .nullish(),
    done: z.boolean(),
    done_reason: z.string().nullish(),
    /** Left out when all of the prompt was known from the request before. */
    prompt_eval_count: z.number().nullish(),
    eval_count: z.number().nullish(),
  }),
]);

/**
 * Text pieces as they come, then the tool calls, then the usage. Thinking gives nothing.
 * @param onToolPart a tool call came: nothing to say yet, but the engine is at work.
 * @throws ProviderError when a line is an error or no answer, or the answer ends before its end.
 */
export async function* readOllamaStream(
  identity: EngineIdentity,
  lines: AsyncIterable<string>,
  onToolPart: () => void,
): AsyncGenerator<LlmEvent, void, undefined> {
  const toolCalls = new ToolCallParts();
  for await (const text of lines) {
    const line = parseAnswer(identity, text, lineSchema, 'chat message');
    // Its text is left out: it may quote the prompt.
    if ('error' in line) throw engineFailure(identity, 'server', 'failed while answering');
    const content = line.message?.content ?? '';
    if (content !== '') yield { type: 'text', text: content };
    for (const part of line.message?.tool_calls ?? []) {
      // Calls come whole; older versions number each of them 0 and give no ids.
      toolCalls.add({ ...part, index: undefined });
      onToolPart();
    }
    if (!line.done) continue;
    if (line.done_reason === 'load')
      throw engineFailure(identity, 'bad-response', 'only loaded the model instead of answering');
    for (const call of toolCalls.finish()) {
      if (call.name === '')
        throw engineFailure(identity, 'bad-response', 'a tool call of the answer has no name');
      yield { type: 'tool-call', ...call };
    }
    yield {
      type: 'usage',
      promptTokens: line.prompt_eval_count ?? 0,
      completionTokens: line.eval_count ?? 0,
    };
    return;
  }
  throw engineFailure(identity, 'connectivity', 'the answer was cut off before its end');
}
