/** Test support: a hosted service on loopback that streams chat completions as OpenAI spells them. */
import type { LlmToolCall } from '@sophy/conversation/llm-port';
import { z } from 'zod';
import type { EngineFault } from '../http/engine-fault.ts';
import { giveLoopbackAnswer, type LoopbackOutcome, type LoopbackPace } from '../http/loopback-answer.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { wordsOf } from '../scripted/scripted-llm.ts';

const chatSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
  stream: z.literal(true),
  stream_options: z.object({ include_usage: z.literal(true) }),
});

export type ChatLoopbackRequest = {
  readonly body: z.infer<typeof chatSchema>;
  readonly authorization: string | undefined;
  outcome: LoopbackOutcome;
};

export type ChatLoopback = {
  /** Address up to and with the version. */
  readonly url: string;
  readonly requests: readonly ChatLoopbackRequest[];
  setFault(fault: EngineFault | undefined): void;
  close(): Promise<void>;
};

export type ChatLoopbackOptions = {
  readonly reply: (request: z.infer<typeof chatSchema>) => string | readonly LlmToolCall[];
  readonly pace?: LoopbackPace;
};

/** What a service does in its own way. */
export type ChatService = {
  /** Path of its version, e.g. `/v1`. */
  readonly path: string;
  readonly models: readonly string[];
  /** Why it refuses a request; undefined: it answers. */
  refuses(request: z.infer<typeof chatSchema>): string | undefined;
  /** Further fields of the last event with a choice. */
  readonly lastFields: object;
};

export async function startChatLoopback(
  service: ChatService,
  options: ChatLoopbackOptions,
): Promise<ChatLoopback> {
  const requests: ChatLoopbackRequest[] = [];
  let fault: EngineFault | undefined;
  const refusal = (status: number) => ({ error: { message: 'scripted', type: `scripted_${status}` } });
  const server = await startLoopbackServer(async ({ url, headers, body }, response) => {
    const give = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const { authorization } = headers;
    if (authorization?.startsWith('Bearer ') !== true) return give(401, refusal(401));
    if (url === `${service.path}/models`)
      return give(200, { object: 'list', data: service.models.map((id) => ({ id, object: 'model' })) });
    if (url !== `${service.path}/chat/completions`) return give(404, refusal(404));
    const asked = chatSchema.parse(JSON.parse(body.toString()));
    const request: ChatLoopbackRequest = { body: asked, authorization, outcome: 'running' };
    requests.push(request);
    const refused = service.refuses(asked);
    if (refused !== undefined)
      return give(400, { error: { message: refused, type: 'invalid_request_error' } });
    const reply = options.reply(asked);
    request.outcome = await giveLoopbackAnswer(
      response,
      {
        headers: { 'content-type': 'text/event-stream' },
        pieces: typeof reply === 'string' ? textEvents(reply, service) : callEvents(reply, service),
        pace: options.pace,
        refusal,
      },
      fault,
    );
  });
  return {
    url: `${server.url}${service.path}`,
    requests,
    setFault: (next) => {
      fault = next;
    },
    close: server.close,
  };
}

function event(value: object): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', ...value })}\n\n`;
}

function end(finish_reason: string, completion_tokens: number, { lastFields }: ChatService): string {
  return [
    event({ choices: [{ index: 0, delta: {}, finish_reason }], ...lastFields }),
    event({ choices: [], usage: { prompt_tokens: 10, completion_tokens } }),
    'data: [DONE]\n\n',
  ].join('');
}

function textEvents(reply: string, service: ChatService): readonly string[] {
  const words = wordsOf(reply);
  const deltas = words.map((content) => event({ choices: [{ index: 0, delta: { content } }] }));
  return [...deltas, end('stop', words.length, service)];
}

/** Calls come whole, as both services send them. */
function callEvents(calls: readonly LlmToolCall[], service: ChatService): readonly string[] {
  const deltas = calls.map(({ callId, name, argumentsJson }, index) => {
    const call = { index, id: callId, type: 'function', function: { name, arguments: argumentsJson } };
    return event({ choices: [{ index: 0, delta: { tool_calls: [call] } }] });
  });
  return [...deltas, end('tool_calls', 1, service)];
}
