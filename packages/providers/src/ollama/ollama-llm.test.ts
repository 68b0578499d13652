import type { LlmEvent, LlmRequest } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import { createOllamaLlm } from './ollama-llm.ts';
import { type OllamaLoopback, startOllamaLoopback } from './start-ollama-loopback.ts';

const opened: OllamaLoopback[] = [];
afterEach(async () => {
  await closeConnections();
  for (const loopback of opened.splice(0)) await loopback.close();
});

async function start(options: Parameters<typeof startOllamaLoopback>[0]): Promise<OllamaLoopback> {
  const loopback = await startOllamaLoopback(options);
  opened.push(loopback);
  return loopback;
}

const patient = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
const llm = ({ url }: OllamaLoopback, model = 'qwen3:4b', timeouts = patient) =>
  createOllamaLlm({ host: `${url}/`, model, timeouts });
const messages: LlmRequest['messages'] = [{ role: 'user', content: 'hi' }];
const tools = [{ name: 'weather', description: 'The sky', parameters: { type: 'object' } }];

async function read(
  port: ReturnType<typeof llm>,
  request: Partial<LlmRequest> = {},
  signal = new AbortController().signal,
): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  for await (const event of port.stream({ messages, maxTokens: 9, ...request }, { signal }))
    events.push(event);
  return events;
}

describe('createOllamaLlm', () => {
  it('streams words without thinking and keeps the context, so that the prompt stays known', async () => {
    const loopback = await start({ reply: () => 'one two' });
    const port = llm(loopback);
    expect(await read(port)).toEqual([
      { type: 'text', text: 'one' },
      { type: 'text', text: ' two' },
      { type: 'usage', promptTokens: 10, completionTokens: 2 },
    ]);
    await read(port, { maxTokens: 50 });
    expect(loopback.requests[0]).toMatchObject({
      think: false,
      keep_alive: '1h',
      stream: true,
      outcome: 'complete',
    });
    expect(loopback.requests.map(({ options }) => options)).toEqual([
      { num_ctx: 8_192, num_predict: 9 },
      { num_ctx: 8_192, num_predict: 50 },
    ]);
    expect(port.label).toBe('ollama:qwen3:4b');
  });

  it('gives the first word before the last is made', async () => {
    const gate = Promise.withResolvers<void>();
    const loopback = await start({
      reply: () => 'one two',
      pace: async (piece) => {
        if (piece > 0) await gate.promise;
      },
    });
    const answer = llm(loopback)
      .stream({ messages, maxTokens: 9 }, { signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    expect(await answer.next()).toMatchObject({ value: { text: 'one' } });
    gate.resolve();
    expect(await answer.next()).toMatchObject({ value: { text: ' two' } });
    await answer.return?.();
  });

  it('asks for tools with objects as arguments and names them in results', async () => {
    const calls = [
      { callId: 'call_a', name: 'weather', argumentsJson: '{"town":"Rome"}' },
      { callId: 'call_b', name: 'weather', argumentsJson: '{"town":"Pisa"}' },
    ];
    const loopback = await start({ reply: (request) => (request.messages.length > 1 ? 'Blue.' : calls) });
    const port = llm(loopback);
    expect(await read(port, { tools })).toEqual([
      ...calls.map((call) => ({ type: 'tool-call', ...call })),
      { type: 'usage', promptTokens: 10, completionTokens: 0 },
    ]);
    await read(port, {
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: '', toolCalls: calls },
        { role: 'tool', callId: 'call_a', content: 'blue' },
      ],
    });
    expect(loopback.requests[1]?.messages.slice(1)).toMatchObject([
      {
        tool_calls: [
          { function: { arguments: { town: 'Rome' } } },
          { function: { arguments: { town: 'Pisa' } } },
        ],
      },
      { role: 'tool', tool_name: 'weather', content: 'blue' },
    ]);
    expect([port.takesTools, loopback.descriptions()]).toEqual([true, 1]);
  });

  it('knows a model without tools from its description and offers it none', async () => {
    const loopback = await start({ reply: () => 'fine', models: { 'gemma:2b': ['completion'] } });
    const port = llm(loopback, 'gemma:2b');
    expect(await read(port, { tools })).toContainEqual({ type: 'text', text: 'fine' });
    expect(loopback.requests.map((request) => request.tools)).toEqual([[]]);
    expect(port.takesTools).toBe(false);
  });

  it('learns from a refusal where the version describes no capabilities', async () => {
    const loopback = await start({ reply: () => 'fine', models: { 'old:1b': undefined } });
    const port = llm(loopback, 'old:1b');
    expect(await read(port, { tools })).toContainEqual({ type: 'text', text: 'fine' });
    expect(port.takesTools).toBe(false);
    await read(port, { tools });
    expect(loopback.requests.map((request) => request.tools.length)).toEqual([1, 0, 0]);
  });

  it('lets gpt-oss, which always thinks, think as little as it can', async () => {
    const loopback = await start({ reply: () => 'ok', models: { 'gpt-oss:20b': ['tools'] } });
    await read(llm(loopback, 'gpt-oss:20b'));
    expect(loopback.requests[0]).toMatchObject({ think: 'low' });
  });

  it('tells of a model that is not there', async () => {
    const loopback = await start({ reply: () => 'ok' });
    await expect(read(llm(loopback, 'absent'))).rejects.toMatchObject({
      category: 'invalid-request',
      status: 404,
    });
  });

  it('fails where an error comes in the middle of the answer, without its text', async () => {
    const loopback = await start({ reply: () => 'one', failsAtEnd: true });
    await expect(read(llm(loopback))).rejects.toMatchObject({
      category: 'server',
      isRetryable: true,
      message: expect.not.stringContaining('runner'),
    });
  });

  it.each(engineFaultCases)('goes wrong as told: $fault', async ({ fault, expected }) => {
    const loopback = await start({ reply: () => 'one two three' });
    loopback.setFault(fault);
    await expect(read(llm(loopback, undefined, timeoutsFor(fault)))).rejects.toMatchObject({
      stage: 'llm',
      engine: 'ollama',
      ...expected,
    });
    await expect.poll(() => loopback.requests[0]?.outcome).toBe('cut');
  });

  it('stops the model when the caller stops', async () => {
    const loopback = await start({
      reply: () => 'one two three',
      pace: (piece) => (piece === 0 ? Promise.resolve() : new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const answer = llm(loopback)
      .stream({ messages, maxTokens: 9 }, { signal: controller.signal })
      [Symbol.asyncIterator]();
    await answer.next();
    controller.abort();
    await expect(answer.next()).rejects.toMatchObject({ category: 'cancelled', isRetryable: false });
    await expect.poll(() => loopback.requests[0]?.outcome).toBe('cut');
  });
});
