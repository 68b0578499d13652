import type { ServerResponse } from 'node:http';
import { settingsSchema } from '@sophy/contracts/settings';
import type { LlmPort } from '@sophy/conversation/llm-port';
import { afterEach, describe, expect, it } from 'vitest';
import { describeBrain, llmFromSettings, sttFromSettings, ttsFromSettings } from './from-settings.ts';
import { closeConnections } from './http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from './http/loopback-server.ts';
import { KeylessBrain } from './local/keyless-brain.ts';

const servers: LoopbackServer[] = [];
const settings = (changes: Record<string, unknown> = {}) => settingsSchema.parse(changes);
const nowhere = 'http://127.0.0.1:1';
const signal = new AbortController().signal;

afterEach(async () => {
  await closeConnections();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

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
    else chat(response, 'from Ollama');
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

describe('adapters from settings', () => {
  const endpoints = { enginesUrl: `${nowhere}/v1`, ollamaHost: nowhere, openrouterBaseUrl: nowhere };

  it('stay the same while the settings do, and are new after a change', () => {
    const openai = settings({ stt_engine: 'openai', stt_base_url: nowhere, stt_model: 'a' });
    expect(sttFromSettings(openai, endpoints)).toBe(
      sttFromSettings({ ...openai, greeting: 'Hi' }, endpoints),
    );
    expect(sttFromSettings(openai, endpoints)).not.toBe(
      sttFromSettings({ ...openai, stt_model: 'b' }, endpoints),
    );
    expect(ttsFromSettings(settings(), endpoints)).toBe(ttsFromSettings(settings(), endpoints));
    expect(llmFromSettings(settings(), endpoints)).toBe(llmFromSettings(settings(), endpoints));
  });

  it('are named after engine and model', () => {
    expect(sttFromSettings(settings(), endpoints).label).toBe('local:base');
    expect(
      sttFromSettings(settings({ stt_engine: 'openai-realtime', stt_base_url: nowhere }), endpoints),
    ).toMatchObject({
      kind: 'streaming',
      label: 'openai-realtime:gpt-4o-mini-transcribe',
      sampleRateHz: 24_000,
    });
    expect(
      llmFromSettings(settings({ llm_provider: 'ollama', ollama_model: 'qwen3:4b' }), endpoints).label,
    ).toBe('ollama:qwen3:4b');
  });

  it('say what is missing when they are used', async () => {
    const openrouter = settings({ llm_provider: 'openrouter' });
    await expect(say(llmFromSettings(openrouter, endpoints))).rejects.toThrow('set openrouter_api_key');
    const stt = sttFromSettings(settings({ stt_engine: 'openai' }), endpoints);
    if (stt.kind !== 'upload') throw new Error('expected an upload engine');
    const audio = { samples: new Int16Array(1), sampleRateHz: 16_000 };
    await expect(stt.transcribe(audio, { language: undefined, signal })).rejects.toMatchObject({
      category: 'invalid-request',
      message: expect.stringContaining('stt_base_url'),
    });
    const without = { ...endpoints, enginesUrl: undefined };
    const speech = ttsFromSettings(settings(), without).synthesize(
      { text: 'x', language: undefined, voice: undefined, speed: 1 },
      { signal },
    );
    await expect(speech[Symbol.asyncIterator]().next()).rejects.toThrow('ENGINES_URL');
  });

  it('send the key and the name of the application to OpenRouter', async () => {
    const server = await start((_request, response) => chat(response, 'ok'));
    const chosen = settings({
      llm_provider: 'openrouter',
      openrouter_api_key: 'sk-or',
      openrouter_model: 'a/b',
    });
    expect(await say(llmFromSettings(chosen, { ...endpoints, openrouterBaseUrl: server.url }))).toBe('ok');
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
    const endpoints = { enginesUrl: `${nowhere}/v1`, ollamaHost: ollama.url, openrouterBaseUrl: nowhere };
    expect(await describeBrain(settings(), endpoints)).toEqual({ label: 'ollama:qwen3:4b', demo: false });
    const port = llmFromSettings(settings(), endpoints);
    expect(await say(port)).toBe('from Ollama');
    expect(port.label).toBe('ollama:qwen3:4b');
    expect(JSON.parse(ollama.requests.at(-1)?.body.toString() ?? '')).toMatchObject({
      model: 'qwen3:4b',
      reasoning_effort: 'none',
    });
    expect(ollama.requests.filter(({ url }) => url === '/api/tags')).toHaveLength(1);
  });

  it('is the local engine otherwise, and says when that is the demo brain', async () => {
    const engines = await startEngines(true);
    const endpoints = { enginesUrl: `${engines.url}/v1`, ollamaHost: nowhere, openrouterBaseUrl: nowhere };
    expect(await describeBrain(settings(), endpoints)).toEqual({
      label: 'local:tiny (demo brain)',
      demo: true,
    });
    expect(await say(llmFromSettings(settings(), endpoints))).toBe('from the local engine');
  });

  it('does not wait for an Ollama that hangs', async () => {
    const hanging = await start(() => undefined);
    const engines = await startEngines(false);
    const endpoints = {
      enginesUrl: `${engines.url}/v1`,
      ollamaHost: hanging.url,
      openrouterBaseUrl: nowhere,
    };
    expect(await describeBrain(settings(), endpoints)).toEqual({ label: 'local:tiny', demo: false });
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
    const endpoints = { enginesUrl: undefined, ollamaHost: nowhere, openrouterBaseUrl: nowhere };
    await expect(describeBrain(settings(), endpoints)).rejects.toThrow('start Ollama');
  });
});
