/** Test support: an Ollama on loopback, with its chat, list and description of models. */
import type { LlmToolCall } from '@sophy/conversation/llm-port';
import { z } from 'zod';
import type { EngineFault } from '../http/engine-fault.ts';
import { giveLoopbackAnswer, type LoopbackOutcome, type LoopbackPace } from '../http/loopback-answer.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { wordsOf } from '../scripted/scripted-llm.ts';

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      content: z.string(),
      tool_calls: z
        .array(
          z.object({
            function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
          }),
        )
        .optional(),
      tool_name: z.string().optional(),
    }),
  ),
  tools: z
    .array(z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }))
    .default([]),
  stream: z.boolean().default(true),
  think: z.union([z.boolean(), z.enum(['low', 'medium', 'high'])]).optional(),
  keep_alive: z.union([z.string(), z.number()]).optional(),
  options: z.record(z.string(), z.number()).default({}),
});

export type OllamaLoopbackRequest = z.infer<typeof chatSchema> & { outcome: LoopbackOutcome };

export type OllamaLoopback = {
  readonly url: string;
  /** The chats so far. */
  readonly requests: readonly OllamaLoopbackRequest[];
  /** How often a model was described. */
  descriptions(): number;
  setFault(fault: EngineFault | undefined): void;
  close(): Promise<void>;
};

export async function startOllamaLoopback(options: {
  readonly reply: (request: z.infer<typeof chatSchema>) => string | readonly LlmToolCall[];
  /** Name and capabilities of each model; undefined: a version that does not list them. */
  readonly models?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly pace?: LoopbackPace;
  /** Fails after all words, as a runner that crashes does. */
  readonly failsAtEnd?: boolean;
}): Promise<OllamaLoopback> {
  const models = options.models ?? { 'qwen3:4b': ['completion', 'tools', 'thinking'] };
  const requests: OllamaLoopbackRequest[] = [];
  let descriptions = 0;
  let fault: EngineFault | undefined;
  const refusal = (status: number) => ({ error: `scripted ${status}` });
  const server = await startLoopbackServer(async ({ url, body }, response) => {
    const give = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(value));
    };
    // A chat that is refused is one of the requests, and ends as they do.
    if (fault?.type === 'refused' && url !== '/api/chat') return void response.destroy();
    if (url === '/api/version') return give(200, { version: '0.12.0' });
    if (url === '/api/tags')
      return give(200, {
        models: Object.keys(models).map((name) => ({
          name,
          model: name,
          size: 1,
          modified_at: '2026-01-01T00:00:00Z',
        })),
      });
    if (url === '/api/show') {
      descriptions += 1;
      const { model } = z.object({ model: z.string() }).parse(JSON.parse(body.toString()));
      if (!(model in models)) return give(404, { error: `model '${model}' not found` });
      return give(200, {
        details: {},
        ...(models[model] === undefined ? {} : { capabilities: models[model] }),
      });
    }
    if (url !== '/api/chat') return give(404, { error: 'not found' });
    const request = {
      ...chatSchema.parse(JSON.parse(body.toString())),
      outcome: 'running' as LoopbackOutcome,
    };
    requests.push(request);
    if (!(request.model in models)) return give(404, { error: `model '${request.model}' not found` });
    if (request.tools.length > 0 && models[request.model]?.includes('tools') !== true)
      return give(400, { error: `registry.ollama.ai/library/${request.model} does not support tools` });
    const reply = options.reply(request);
    const words = typeof reply === 'string' ? wordsOf(reply) : [];
    const line = (value: object) =>
      `${JSON.stringify({ model: request.model, created_at: '2026-01-01T00:00:00Z', ...value })}\n`;
    const message = (value: object) =>
      line({ message: { role: 'assistant', content: '', ...value }, done: false });
    const calls =
      typeof reply === 'string'
        ? []
        : reply.map(({ callId, name, argumentsJson }) =>
            message({
              tool_calls: [
                { id: callId, function: { index: 0, name, arguments: JSON.parse(argumentsJson) } },
              ],
            }),
          );
    const end = line({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 10,
      eval_count: words.length,
    });
    const last = options.failsAtEnd === true ? `${JSON.stringify({ error: 'llama runner crashed' })}\n` : end;
    request.outcome = await giveLoopbackAnswer(
      response,
      {
        headers: { 'content-type': 'application/x-ndjson' },
        pieces: [...words.map((content) => message({ content })), ...calls, last],
        pace: options.pace,
        refusal,
      },
      fault,
    );
  });
  return {
    url: server.url,
    requests,
    descriptions: () => descriptions,
    setFault: (next) => {
      fault = next;
    },
    close: server.close,
  };
}
