/** `POST /v1/chat/completions`: streamed as server-sent events, or whole. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Engines } from '../engines.ts';
import type { ChatMessage } from '../llm/chat-message.ts';
import type { Completion, LanguageModel } from '../llm/language-model.ts';
import { PieceStream } from '../tts/piece-stream.ts';
import { parseBody } from './parse-body.ts';
import { requestSignal } from './request-signal.ts';

const maxMessages = 500;
const defaultMaxTokens = 512;
const contentSchema = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join(' ')),
]);
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: contentSchema,
});
const bodySchema = z.object({
  model: z.string().max(200).nullish(),
  messages: z
    .array(messageSchema)
    .min(1)
    .max(maxMessages)
    .refine(
      (messages) => messages.some((message) => message.role === 'user'),
      'needs a message of role user',
    ),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
  max_tokens: z.number().int().min(1).max(4_096).nullish(),
  max_completion_tokens: z.number().int().min(1).max(4_096).nullish(),
  temperature: z.number().min(0).max(2).default(0),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
});
type ChatBody = z.infer<typeof bodySchema>;

export function registerChatRoutes(app: FastifyInstance, engines: Engines): void {
  app.post('/v1/chat/completions', async (request, reply) => {
    const signal = requestSignal(reply);
    const body = parseBody(bodySchema, request.body);
    engines.llm.requireReady();
    const item = engines.brain(body.model ?? undefined);
    const { engine, release } = await engines.llm.enter(item, signal);
    const answer = new Answer(engine, body, signal, release);
    const head = {
      id: `chatcmpl-${randomUUID()}`,
      created: Math.floor(Date.now() / 1_000),
      model: item.model.title,
    };
    if (!body.stream) {
      let content = '';
      for await (const text of answer.texts) content += text;
      const completion = await answer.completion;
      return {
        ...head,
        object: 'chat.completion',
        choices: [
          { index: 0, message: { role: 'assistant', content }, finish_reason: completion.finishReason },
        ],
        usage: usage(completion),
      };
    }
    const texts = answer.texts[Symbol.asyncIterator]();
    // Waiting for the first words lets a refused prompt answer with a status.
    const first = await texts.next();
    reply.type('text/event-stream; charset=utf-8').header('cache-control', 'no-store');
    const includeUsage = body.stream_options?.include_usage ?? false;
    return reply.send(Readable.from(chatEvents(head, first, texts, answer.completion, includeUsage)));
  });
}

/** One answer under way; its place is given back when the model has stopped, whoever still reads. */
class Answer {
  readonly texts = new PieceStream<string>();
  readonly completion: Promise<Completion>;

  constructor(model: LanguageModel, body: ChatBody, signal: AbortSignal, release: () => void) {
    const stops = typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []);
    this.completion = model
      .complete({
        messages: body.messages.map(
          ({ role, content }): ChatMessage => ({ role: role === 'developer' ? 'system' : role, content }),
        ),
        maxTokens: body.max_completion_tokens ?? body.max_tokens ?? defaultMaxTokens,
        temperature: body.temperature,
        stops: stops.filter((stop) => stop !== ''),
        signal,
        onText: (text) => this.texts.push(text),
      })
      .finally(release);
    this.completion.then(
      () => this.texts.end(),
      (error: unknown) => this.texts.fail(error),
    );
  }
}

type ChunkHead = { readonly id: string; readonly created: number; readonly model: string };

async function* chatEvents(
  head: ChunkHead,
  first: IteratorResult<string, void>,
  rest: AsyncIterator<string, void>,
  completion: Promise<Completion>,
  includeUsage: boolean,
): AsyncGenerator<string, void, undefined> {
  const chunk = (choices: unknown[], extra: object = {}) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...extra })}\n\n`;
  const delta = (content: object, finishReason: string | null = null) =>
    chunk([{ index: 0, delta: content, finish_reason: finishReason }]);
  yield delta({ role: 'assistant', content: '' });
  for (let next = first; next.done !== true; next = await rest.next()) yield delta({ content: next.value });
  const finished = await completion;
  yield delta({}, finished.finishReason);
  if (includeUsage) yield chunk([], { usage: usage(finished) });
  yield 'data: [DONE]\n\n';
}

function usage({ promptTokens, completionTokens }: Completion) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
