import type { LlmEvent } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { createOpenAiLlm } from './openai-llm.ts';

let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
  server = undefined;
});

async function answerWith(text: string, contentType = 'text/event-stream') {
  server = await startLoopbackServer((_request, response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(text);
  });
  return createOpenAiLlm({
    baseUrl: `${server.url}/v1/`,
    apiKey: 'sk-1',
    model: 'm',
    engine: 'openai',
    timeouts: { connectMs: 1_000, answerMs: 2_000, stallMs: 2_000 },
  });
}

async function read(port: ReturnType<typeof createOpenAiLlm>): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const messages = [{ role: 'user', content: 'hi' }] as const;
  for await (const event of port.stream(
    { messages, maxTokens: 50 },
    { signal: new AbortController().signal },
  ))
    events.push(event);
  return events;
}

const data = (...items: (object | string)[]) =>
  items.map((item) => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`).join('');
const delta = (content: string | null, finish_reason: string | null = null) => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

describe('createOpenAiLlm', () => {
  it('asks as the protocol says and reads the answer of OpenAI', async () => {
    const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } };
    const role = {
      choices: [{ index: 0, delta: { role: 'assistant', content: '', refusal: null } }],
      usage: null,
    };
    const port = await answerWith(
      data(role, delta('Hel'), delta('lo'), delta(null, 'stop'), usage, '[DONE]'),
    );
    expect(await read(port)).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'usage', promptTokens: 9, completionTokens: 2 },
    ]);
    const [request] = server?.requests ?? [];
    expect(request).toMatchObject({ method: 'POST', url: '/v1/chat/completions' });
    expect(request?.headers.authorization).toBe('Bearer sk-1');
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 50,
    });
    expect(port.label).toBe('openai:m');
  });

  it('tells what came from a cache, and nothing where a server leaves a count out: 0 would be free of charge', async () => {
    const answerOf = async (usage: object) => {
      const port = await answerWith(data(delta('Hi', 'stop'), { choices: [], usage }, '[DONE]'));
      return (await read(port)).filter(({ type }) => type === 'usage');
    };
    const cached = { prompt_tokens_details: { cached_tokens: 7, audio_tokens: 0 } };
    expect(await answerOf({ prompt_tokens: 9, completion_tokens: 2, ...cached })).toEqual([
      { type: 'usage', promptTokens: 9, cachedPromptTokens: 7, completionTokens: 2 },
    ]);
    expect(await answerOf({ completion_tokens: 2 })).toEqual([]);
    expect(await answerOf({})).toEqual([]);
  });

  it('keeps hidden reasoning to itself', async () => {
    const thinking = { choices: [{ index: 0, delta: { content: '', reasoning: 'The user greets' } }] };
    const other = { choices: [{ index: 0, delta: { reasoning_content: 'so I greet' } }] };
    const port = await answerWith(data(thinking, other, delta('Hi'), delta('', 'stop'), '[DONE]'));
    expect(await read(port)).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it('skips the comments of OpenRouter', async () => {
    const port = await answerWith(
      `: OPENROUTER PROCESSING\n\n${data(delta('Hi', 'stop'))}: x\r\n\r\n${data('[DONE]')}`,
    );
    expect(await read(port)).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it('fails with the error that a 200 stream carries', async () => {
    const overloaded = {
      error: { code: 503, message: 'hi was too much' },
      choices: [{ delta: {}, finish_reason: 'error' }],
    };
    const port = await answerWith(data(delta('Hi'), overloaded));
    await expect(read(port)).rejects.toMatchObject({ category: 'server', status: 503, isRetryable: true });
    const limited = await answerWith(
      data({ error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } }),
    );
    await expect(read(limited)).rejects.toMatchObject({ category: 'rate-limit' });
    const plain = await answerWith(data({ error: 'model crashed' }));
    await expect(read(plain)).rejects.toMatchObject({ category: 'server' });
  });

  it('fails when the stream ends before the answer does', async () => {
    await expect(read(await answerWith(data(delta('Hi'))))).rejects.toMatchObject({
      category: 'connectivity',
    });
  });

  it('fails on garbage', async () => {
    await expect(read(await answerWith('data: {not json\n\n'))).rejects.toMatchObject({
      category: 'bad-response',
    });
    await expect(read(await answerWith(data({ choices: 'none' })))).rejects.toMatchObject({
      category: 'bad-response',
    });
    await expect(read(await answerWith('<html>', 'text/html'))).rejects.toMatchObject({
      category: 'bad-response',
    });
  });

  it('takes the whole answer of a server that cannot stream', async () => {
    const whole = {
      choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    };
    const port = await answerWith(JSON.stringify(whole, null, 2), 'application/json');
    expect(await read(port)).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'usage', promptTokens: 1, completionTokens: 1 },
    ]);
  });

  it('sends no key when there is none', async () => {
    await answerWith(data(delta('Hi', 'stop')));
    const timeouts = { connectMs: 1_000, answerMs: 1_000, stallMs: 1_000 };
    const port = createOpenAiLlm({
      baseUrl: server?.url ?? '',
      apiKey: '',
      model: '',
      engine: 'local',
      timeouts,
    });
    await read(port);
    expect(server?.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(JSON.parse(server?.requests[0]?.body.toString() ?? '')).not.toHaveProperty('model');
    expect(port.label).toBe('local');
  });

  it('keeps the connection when a server ends its answer after the end mark', async () => {
    const port = await answerWith(data(delta('Hi', 'stop'), '[DONE]'));
    for (let turn = 0; turn < 6; turn += 1) await read(port);
    expect(server?.connections()).toBeLessThanOrEqual(2);
  });
});
