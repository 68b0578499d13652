/** Groq and Cerebras, each as its own loopback service plays it. */
import { settingsSchema } from '@sophy/contracts/settings';
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import { cerebrasLlm } from './cerebras/cerebras-engine.ts';
import { startCerebrasLoopback } from './cerebras/start-cerebras-loopback.ts';
import type { EngineContext } from './engine-entry.ts';
import { groqLlm } from './groq/groq-engine.ts';
import { startGroqLoopback } from './groq/start-groq-loopback.ts';
import { closeConnections } from './http/connection-pool.ts';
import { engineFaultCases } from './http/engine-fault-cases.ts';
import type { ChatLoopback, ChatLoopbackOptions } from './openai/start-chat-loopback.ts';

let loopback: ChatLoopback | undefined;
afterEach(async () => {
  await closeConnections();
  await loopback?.close();
});

const services = [
  { entry: groqLlm, start: startGroqLoopback, model: 'openai/gpt-oss-20b' },
  { entry: cerebrasLlm, start: startCerebrasLoopback, model: 'gpt-oss-120b' },
] as const;

function contextOf(url: string, model: string): EngineContext {
  const nowhere = 'http://127.0.0.1:9';
  return {
    settings: settingsSchema.parse({
      groq_api_key: 'k',
      groq_model: model,
      cerebras_api_key: 'k',
      cerebras_model: model,
    }),
    endpoints: {
      enginesUrl: undefined,
      ollamaHost: nowhere,
      openrouterBaseUrl: nowhere,
      groqBaseUrl: url,
      cerebrasBaseUrl: url,
      deepgramBaseUrl: nowhere,
      cartesiaBaseUrl: nowhere,
      elevenlabsBaseUrl: nowhere,
      edgeBaseUrl: nowhere,
    },
  };
}

const messages: LlmRequest['messages'] = [{ role: 'user', content: 'hi' }];
async function read(port: LlmPort, tools: LlmRequest['tools'] = []): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of port.stream({ messages, maxTokens: 9, tools }, { signal })) events.push(event);
  return events;
}

describe.each(services)('$entry.name', ({ entry, start, model }) => {
  async function open(options: ChatLoopbackOptions, asked: string = model) {
    loopback = await start(options);
    const context = contextOf(loopback.url, asked);
    return { loopback, context, port: entry.open(context) };
  }

  it('streams words and tells the usage, with as little thinking as can be', async () => {
    const { port, loopback: server } = await open({ reply: () => 'one two' });
    expect(await read(port)).toEqual([
      { type: 'text', text: 'one' },
      { type: 'text', text: ' two' },
      { type: 'usage', promptTokens: 10, completionTokens: 2 },
    ]);
    expect(server.requests[0]).toMatchObject({
      authorization: 'Bearer k',
      body: { model, reasoning_effort: 'low', max_tokens: 9 },
    });
    expect(port.label).toBe(`${entry.id}:${model}`);
  });

  it('asks for tools', async () => {
    const call = { callId: 'a', name: 'weather', argumentsJson: '{"town":"Rome"}' };
    const { port, loopback: server } = await open({ reply: () => [call] });
    const tool = { name: 'weather', description: 'The sky', parameters: { type: 'object' } };
    expect(await read(port, [tool])).toContainEqual({ type: 'tool-call', ...call });
    expect(server.requests[0]?.body.tools).toMatchObject([{ function: { name: 'weather' } }]);
  });

  it('sends no field of thinking to a model that refuses it', async () => {
    const plain = entry.id === 'groq' ? 'llama-3.1-8b-instant' : 'llama3.1-8b';
    const thinking = entry.id === 'groq' ? 'qwen/qwen3-32b' : 'zai-glm-4.6';
    const first = await open({ reply: () => 'ok' }, plain);
    expect(await read(first.port)).toContainEqual({ type: 'text', text: 'ok' });
    const other = entry.open(contextOf(first.loopback.url, thinking));
    expect(await read(other)).toContainEqual({ type: 'text', text: 'ok' });
  });

  it('lists models that talk, and its warm-up needs the key', async () => {
    const { context } = await open({ reply: () => '' });
    const models = await entry.listModels?.(context, new AbortController().signal);
    expect(models?.map(({ id }) => id)).toContain(model);
    expect(models?.some(({ id }) => id.includes('whisper'))).toBe(false);
    expect(entry.warmUp?.(context)).toEqual({
      url: `${loopback?.url}/models`,
      headers: { authorization: 'Bearer k' },
    });
    const nothing = { ...context, settings: settingsSchema.parse({}) };
    expect(entry.missing(nothing)).toBe(`Set ${entry.id}_api_key.`);
    expect(entry.missing(context)).toBeUndefined();
  });

  // Deadlines are those of the shared chat adapter and tested there; here they would cost real seconds.
  const quick = engineFaultCases.filter(({ expected }) => expected.category !== 'timeout');
  it.each(quick)('goes wrong as told: $fault', async ({ fault, expected }) => {
    const { port, loopback: server } = await open({ reply: () => 'one two' });
    server.setFault(fault);
    await expect(read(port)).rejects.toMatchObject({ stage: 'llm', engine: entry.id, ...expected });
  });
});
