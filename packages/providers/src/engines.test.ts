import type { ServerResponse } from 'node:http';
import { settingsSchema } from '@sophy/contracts/settings';
import type { LlmPort } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineEndpoints } from './engine-endpoints.ts';
import { Engines } from './engines.ts';
import { closeConnections } from './http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from './http/loopback-server.ts';
import { KeylessBrain } from './local/keyless-brain.ts';
import { noEndpoints } from './no-endpoints.test-support.ts';
import { closedBreaker } from './resilience/breaker.ts';
import { LocalBreakerStore } from './resilience/local-breaker-store.ts';

const servers: LoopbackServer[] = [];
const opened: Engines[] = [];
const settings = (changes: Record<string, unknown> = {}) => settingsSchema.parse(changes);
const signal = new AbortController().signal;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((engines) => engines.close()));
  await closeConnections();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function open(endpoints: Partial<EngineEndpoints> = {}): Engines {
  const engines = new Engines({ endpoints: { ...noEndpoints, ...endpoints } });
  opened.push(engines);
  return engines;
}

function chat(response: ServerResponse, text: string): void {
  response.end(
    `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: 'stop' }] })}\n\n`,
  );
}

async function start(handle: Parameters<typeof startLoopbackServer>[0]): Promise<LoopbackServer> {
  const server = await startLoopbackServer(handle);
  servers.push(server);
  return server;
}

const startOllama = (models: readonly object[]) =>
  start((request, response) => {
    if (request.url === '/api/tags') response.end(JSON.stringify({ models }));
    else {
      const message = { role: 'assistant', content: 'from Ollama' };
      response.end(`${JSON.stringify({ message, done: true, done_reason: 'stop' })}\n`);
    }
  });

const startEngines = (demo: boolean) =>
  start((request, response) => {
    const stage = { ready: true, model: 'tiny', message: '' };
    if (request.url === '/readyz') {
      response.statusCode = 503;
      response.end(
        JSON.stringify({ ready: false, stt: stage, tts: { ...stage, voices: [] }, llm: { ...stage, demo } }),
      );
    } else chat(response, 'from the local engine');
  });

async function say(port: LlmPort): Promise<string> {
  let text = '';
  const request = { messages: [{ role: 'user', content: 'hi' }], maxTokens: 9 } as const;
  for await (const event of port.stream(request, { signal })) if (event.type === 'text') text += event.text;
  return text;
}

describe('an engine that is left out', () => {
  it('is said to be, until nobody has looked at it for two minutes', () => {
    const store = new LocalBreakerStore();
    const engines = new Engines({ endpoints: noEndpoints, breakers: store });
    opened.push(engines);
    const groq = settings({ llm_provider: 'groq', groq_api_key: 'k' });
    const key = engines.breakerKey('llm', groq) ?? '';
    const openSince = (probeAtMs: number) => store.update(key, () => ({ ...closedBreaker, probeAtMs }));
    expect(engines.isLeftOut('llm', 'groq', groq)).toBe(false);
    openSince(Date.now());
    expect(engines.isLeftOut('llm', 'groq', groq)).toBe(true);
    expect(engines.isLeftOut('llm', 'groq', { ...groq, groq_api_key: 'another' })).toBe(false);
    openSince(Date.now() - 121_000);
    expect(engines.isLeftOut('llm', 'groq', groq)).toBe(false);
  });
});

describe('adapters from settings', () => {
  const nowhere = 'http://127.0.0.1:1';

  it('stay the same while the settings do, and are new after a change', () => {
    const engines = open();
    const openai = settings({ stt_engine: 'openai', stt_base_url: nowhere, stt_model: 'a' });
    expect(engines.stt(openai)).toBe(engines.stt({ ...openai, greeting: 'Hi' }));
    expect(engines.stt(openai)).not.toBe(engines.stt({ ...openai, stt_model: 'b' }));
    expect(engines.tts(settings())).toBe(engines.tts(settings()));
    expect(engines.tts(settings())).not.toBe(engines.tts(settings({ tts_voice: 'joe' })));
    expect(engines.llm(settings())).toBe(engines.llm(settings()));
  });

  it('are named after engine and model', () => {
    const engines = open();
    expect(engines.stt(settings()).label).toBe('local:base');
    expect(engines.stt(settings({ stt_engine: 'openai-realtime', stt_base_url: nowhere }))).toMatchObject({
      kind: 'streaming',
      label: 'openai-realtime:gpt-4o-mini-transcribe',
      sampleRateHz: 24_000,
      backup: { kind: 'upload', label: 'local:base' },
    });
    expect(engines.llm(settings({ llm_provider: 'ollama', ollama_model: 'qwen3:4b' })).label).toBe(
      'ollama:qwen3:4b',
    );
  });

  it('say what is missing when they are used', async () => {
    const engines = open({ enginesUrl: undefined });
    await expect(say(engines.llm(settings({ llm_provider: 'openrouter' })))).rejects.toThrow(
      'Set openrouter_api_key',
    );
    const stt = engines.stt(settings({ stt_engine: 'openai' }));
    if (stt.kind !== 'upload') throw new Error('expected an upload engine');
    const audio = { samples: new Int16Array(1), sampleRateHz: 16_000 };
    await expect(stt.transcribe(audio, { language: undefined, signal })).rejects.toMatchObject({
      category: 'invalid-request',
      message: expect.stringContaining('stt_base_url'),
    });
    const request = { text: 'x', language: undefined, voice: undefined, speed: 1 };
    const speech = engines.tts(settings()).synthesize(request, { signal });
    await expect(speech[Symbol.asyncIterator]().next()).rejects.toThrow('ENGINES_URL');
  });

  it('take over from one that is not set up', async () => {
    const ollama = await startOllama([]);
    const engines = open({ ollamaHost: ollama.url });
    const chosen = settings({
      llm_provider: 'groq',
      llm_fallbacks: ['openrouter', 'ollama'],
      ollama_model: 'm',
    });
    expect(await say(engines.llm(chosen))).toBe('from Ollama');
  });

  it('take over from one that refuses the key, which is then not asked again', async () => {
    const refusing = await start((_request, response) => {
      response.statusCode = 401;
      response.end('{}');
    });
    const ollama = await startOllama([]);
    const engines = open({ ollamaHost: ollama.url });
    const chosen = settings({
      llm_provider: 'openai',
      llm_base_url: refusing.url,
      llm_fallbacks: ['ollama'],
      ollama_model: 'm',
    });
    for (let turn = 0; turn < 3; turn += 1) expect(await say(engines.llm(chosen))).toBe('from Ollama');
    expect(refusing.requests).toHaveLength(1);
  });

  it('keep the one that worked until the new one has', async () => {
    const ollama = await startOllama([]);
    const engines = open({ ollamaHost: ollama.url });
    const before = settings({ llm_provider: 'ollama', ollama_model: 'm' });
    const after = settings({ llm_provider: 'openai', llm_base_url: nowhere });
    expect(await say(engines.llm(after, before))).toBe('from Ollama');
    await expect(say(engines.llm(after))).rejects.toMatchObject({ category: 'connectivity' });
  });

  it('send the key and the name of the application to OpenRouter', async () => {
    const server = await start((_request, response) => chat(response, 'ok'));
    const chosen = settings({
      llm_provider: 'openrouter',
      openrouter_api_key: 'sk-or',
      openrouter_model: 'a/b',
    });
    expect(await say(open({ openrouterBaseUrl: server.url }).llm(chosen))).toBe('ok');
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-or',
      'x-title': 'Sophy Fleet',
    });
  });
});

describe('the keyless brain', () => {
  it('is an Ollama that answers, with the first model that can talk and no thinking aloud', async () => {
    const ollama = await startOllama([
      { name: 'nomic-embed-text:latest', size: 1, modified_at: '', details: { family: 'nomic-bert' } },
      { name: 'qwen3:4b', size: 2, modified_at: '2026-01-01', details: { family: 'qwen3' } },
    ]);
    const engines = open({ ollamaHost: ollama.url });
    expect(await engines.describeBrain(settings())).toEqual({ label: 'ollama:qwen3:4b', demo: false });
    const port = engines.llm(settings());
    expect(await say(port)).toBe('from Ollama');
    expect(port.label).toBe('ollama:qwen3:4b');
    expect(JSON.parse(ollama.requests.at(-1)?.body.toString() ?? '')).toMatchObject({
      model: 'qwen3:4b',
      think: false,
    });
    expect(ollama.requests.filter(({ url }) => url === '/api/tags')).toHaveLength(1);
  });

  it('is the local engine otherwise, and says when that is the demo brain', async () => {
    const engines = await startEngines(true);
    const local = open({ enginesUrl: `${engines.url}/v1` });
    expect(await local.describeBrain(settings())).toEqual({
      label: 'local:tiny (demo brain)',
      demo: true,
    });
    expect(await say(local.llm(settings()))).toBe('from the local engine');
  });

  it('does not wait for an Ollama that hangs', async () => {
    const hanging = await start(() => undefined);
    const engines = await startEngines(false);
    const local = open({ enginesUrl: `${engines.url}/v1`, ollamaHost: hanging.url });
    expect(await local.describeBrain(settings())).toEqual({ label: 'local:tiny', demo: false });
  });

  it('goes over to the local engine when its Ollama is gone, and says which one answers', async () => {
    const ollama = await startOllama([{ name: 'm', size: 1, modified_at: '' }]);
    const engines = await startEngines(false);
    const brain = new KeylessBrain({
      ollamaHost: ollama.url,
      ollamaModel: '',
      enginesUrl: `${engines.url}/v1`,
    });
    expect(await say(brain)).toBe('from Ollama');
    await ollama.close();
    expect(await say(brain)).toBe('from the local engine');
    expect(brain.label).toBe('local:tiny');
  });

  it('notices an Ollama that came later without making a turn wait', async () => {
    const engines = await startEngines(false);
    const models: object[] = [];
    const ollama = await startOllama(models);
    let nowMs = 0;
    const enginesUrl = `${engines.url}/v1`;
    const brain = new KeylessBrain({
      ollamaHost: ollama.url,
      ollamaModel: '',
      enginesUrl,
      nowMs: () => nowMs,
    });
    expect(await say(brain)).toBe('from the local engine');
    models.push({ name: 'm', size: 1, modified_at: '' });
    nowMs = 31_000;
    expect(await say(brain)).toBe('from the local engine');
    await expect.poll(() => brain.label).toBe('ollama:m');
    expect(await say(brain)).toBe('from Ollama');
  });

  it('fails with advice when there is no brain at all', async () => {
    await expect(open({ enginesUrl: undefined }).describeBrain(settings())).rejects.toThrow('start Ollama');
  });
});
