/** Tool calls as OpenAI, OpenRouter and less careful servers really stream them. */
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { createOpenrouterLlm } from '../openrouter/openrouter-llm.ts';
import { createOpenAiLlm } from './openai-llm.ts';

const timeouts = { connectMs: 1_000, answerMs: 2_000, stallMs: 2_000 };
const weather = {
  name: 'weather',
  description: 'Weather of a town',
  parameters: { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] },
};
let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
  server = undefined;
});

type Answer = { readonly status?: number; readonly contentType?: string; readonly text: string };

/** Serves these answers, the last one again and again. */
async function serve(...answers: readonly Answer[]): Promise<string> {
  let asked = 0;
  server = await startLoopbackServer((_request, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    response.writeHead(answer?.status ?? 200, { 'content-type': answer?.contentType ?? 'text/event-stream' });
    response.end(answer?.text);
  });
  return server.url;
}

async function read(port: LlmPort, request: Partial<LlmRequest> = {}): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const asked = {
    messages: [{ role: 'user', content: 'hi' }],
    maxTokens: 50,
    tools: [weather],
    ...request,
  } as const;
  for await (const event of port.stream(asked, { signal: new AbortController().signal })) events.push(event);
  return events;
}

function openai(url: string, options: { takesTools?: boolean } = {}): LlmPort {
  return createOpenAiLlm({
    baseUrl: `${url}/v1`,
    apiKey: 'sk-1',
    model: 'm',
    engine: 'openai',
    timeouts,
    ...options,
  });
}

const sse = (...items: (object | string)[]) =>
  items.map((item) => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`).join('');
const delta = (given: object, finish_reason: string | null = null) => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: given, finish_reason }],
});
const part = (given: object) => delta({ tool_calls: [given] });
const end = delta({}, 'tool_calls');

const body = (index: number) => JSON.parse(server?.requests[index]?.body.toString() ?? '');

describe('tool calls', () => {
  it('come whole, in order, after the text, when OpenAI streams two at once in parts', async () => {
    const url = await serve({
      text: sse(
        delta({ role: 'assistant', content: null }),
        delta({ content: 'Let me look.' }),
        part({ index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }),
        part({ index: 0, function: { arguments: '{"to' } }),
        part({ index: 1, id: 'call_b', type: 'function', function: { name: 'weather', arguments: '' } }),
        part({ index: 0, function: { arguments: 'wn":"Rome"}' } }),
        part({ index: 1, function: { arguments: '{"town":"Pisa"}' } }),
        end,
        { choices: [], usage: { prompt_tokens: 9, completion_tokens: 20 } },
        '[DONE]',
      ),
    });
    expect(await read(openai(url))).toEqual([
      { type: 'text', text: 'Let me look.' },
      { type: 'tool-call', callId: 'call_a', name: 'weather', argumentsJson: '{"town":"Rome"}' },
      { type: 'tool-call', callId: 'call_b', name: 'weather', argumentsJson: '{"town":"Pisa"}' },
      { type: 'usage', promptTokens: 9, completionTokens: 20 },
    ]);
  });

  it('are asked for and answered as the protocol says', async () => {
    const url = await serve({ text: sse(delta({ content: 'Sunny.' }, 'stop'), '[DONE]') });
    await read(openai(url), {
      messages: [
        { role: 'user', content: 'Rome?' },
        {
          role: 'assistant',
          content: '',
          toolCalls: [
            { callId: 'a', name: 'weather', argumentsJson: '{"town":"Rome"}' },
            { callId: 'b', name: 'weather', argumentsJson: '{"town":' },
          ],
        },
        { role: 'tool', callId: 'a', content: '{"sky":"blue"}' },
        { role: 'tool', callId: 'b', content: 'no JSON' },
      ],
    });
    expect(body(0)).toMatchObject({
      tools: [{ type: 'function', function: weather }],
      messages: [
        { role: 'user', content: 'Rome?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"town":"Rome"}' } },
            // Some servers refuse a request over arguments that the model itself has spoilt.
            { id: 'b', type: 'function', function: { name: 'weather', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: '{"sky":"blue"}' },
        { role: 'tool', tool_call_id: 'b', content: 'no JSON' },
      ],
    });
  });

  it('are told apart by their ids where a server calls every one of them the first', async () => {
    const call = (id: string, town: string) =>
      part({ index: 0, id, function: { name: 'weather', arguments: `{"town":"${town}"}` } });
    const url = await serve({ text: sse(call('x', 'Rome'), call('y', 'Pisa'), end) });
    expect(await read(openai(url))).toMatchObject([{ callId: 'x' }, { callId: 'y' }]);
  });

  it('of a server without indices, ids and text arguments are calls all the same', async () => {
    const call = (town: string) => part({ function: { name: 'weather', arguments: { town } } });
    const url = await serve({ text: sse(call('Rome'), call('Pisa'), end) });
    expect(await read(openai(url))).toEqual([
      { type: 'tool-call', callId: 'call_0', name: 'weather', argumentsJson: '{"town":"Rome"}' },
      { type: 'tool-call', callId: 'call_1', name: 'weather', argumentsJson: '{"town":"Pisa"}' },
    ]);
  });

  it('of OpenRouter come through a server that cannot stream', async () => {
    const message = {
      content: null,
      tool_calls: [{ id: 'z', type: 'function', function: { name: 'weather', arguments: '' } }],
    };
    const url = await serve({
      contentType: 'application/json',
      text: JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }),
    });
    const port = createOpenrouterLlm({ baseUrl: `${url}/v1`, apiKey: 'k', model: 'm', timeouts });
    expect(await read(port)).toEqual([
      { type: 'tool-call', callId: 'z', name: 'weather', argumentsJson: '{}' },
    ]);
  });

  it('with broken arguments reach the conversation as they are, to be told to the model', async () => {
    const broken = part({ index: 0, id: 'a', function: { name: 'weather', arguments: '{"town": Rom' } });
    const url = await serve({ text: sse(broken, end) });
    expect(await read(openai(url))).toMatchObject([{ argumentsJson: '{"town": Rom' }]);
  });

  it('without a name, without an end or without bounds are failures of the engine', async () => {
    const nameless = await serve({
      text: sse(part({ index: 0, id: 'a', function: { arguments: '{}' } }), end),
    });
    await expect(read(openai(nameless))).rejects.toMatchObject({ category: 'bad-response' });
    const cut = await serve({ text: sse(part({ index: 0, id: 'a', function: { name: 'weather' } })) });
    await expect(read(openai(cut))).rejects.toMatchObject({ category: 'connectivity' });
    const endless = part({ index: 0, id: 'a', function: { name: 'w', arguments: 'x'.repeat(70_000) } });
    await expect(read(openai(await serve({ text: sse(endless, end) })))).rejects.toMatchObject({
      category: 'bad-response',
    });
  });
});

describe('an engine without tools', () => {
  it('is asked again without them when it refuses them, and never again with them', async () => {
    const refusal = {
      status: 400,
      contentType: 'application/json',
      text: '{"error":{"type":"invalid_request_error"}}',
    };
    const url = await serve(refusal, { text: sse(delta({ content: 'Hi' }, 'stop')) });
    const port = openai(url);
    expect(port.takesTools).toBe(true);
    expect(await read(port)).toEqual([{ type: 'text', text: 'Hi' }]);
    expect(port.takesTools).toBe(false);
    expect(await read(port)).toEqual([{ type: 'text', text: 'Hi' }]);
    expect([0, 1, 2].map((index) => 'tools' in body(index))).toEqual([true, false, false]);
  });

  it('keeps its tools when the request is refused for another reason', async () => {
    const url = await serve({ status: 400, contentType: 'application/json', text: '{}' });
    const port = openai(url);
    await expect(read(port)).rejects.toMatchObject({ category: 'invalid-request' });
    expect(port.takesTools).toBe(true);
  });

  it('is never told of tools', async () => {
    const url = await serve({ text: sse(delta({ content: 'Hi' }, 'stop')) });
    const port = openai(url, { takesTools: false });
    await read(port);
    expect(body(0)).not.toHaveProperty('tools');
    expect(port.takesTools).toBe(false);
  });
});
