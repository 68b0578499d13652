import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { noEndpoints } from '@sophy/providers/no-endpoints.test-support';
import { type ScriptedEngineServer, startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';

/** Ollama, OpenRouter and a speech server's list of voices, as their documents show them. */
const answersByPath: Record<string, unknown> = {
  '/api/tags': { models: [{ name: 'qwen3:4b', size: 2_600_000_000, modified_at: '2026-01-01T00:00:00Z' }] },
  '/api/v1/models': {
    data: [
      {
        id: 'acme/cheap',
        name: 'Cheap',
        context_length: 8_000,
        pricing: { prompt: '0.000001', completion: '0.000002' },
        supported_parameters: ['tools'],
      },
      {
        id: 'acme/dear',
        name: 'Dear',
        context_length: 200_000,
        pricing: { prompt: '0.00001', completion: '0.00002' },
      },
    ],
  },
  '/v1/audio/voices': { voices: ['alloy', { id: 'nova', name: 'Nova', locale: 'it' }] },
};

/** One word, for whoever has the key. */
function chat(authorization: string | undefined, response: ServerResponse): void {
  if (authorization !== 'Bearer sk-good') {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'no such key' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`data: ${JSON.stringify({ choices: [{ delta: { content: 'ok' } }] })}\n\ndata: [DONE]\n\n`);
}

let vendors: Server;
let engines: ScriptedEngineServer;
let api: TestApp;
let vendorsUrl: string;
beforeAll(async () => {
  vendors = createServer((request, response) => {
    if (request.url === '/api/v1/chat/completions') return chat(request.headers.authorization, response);
    const answer = answersByPath[new URL(request.url ?? '/', 'http://x').pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => vendors.listen(0, '127.0.0.1', resolve));
  vendorsUrl = `http://127.0.0.1:${(vendors.address() as AddressInfo).port}`;
  engines = await startScriptedEngineServer({ delays: { ttsFirstByteMs: 1 }, speechPace: 100 });
  api = await createTestApp({
    configuration: {
      endpoints: {
        ...noEndpoints,
        enginesUrl: engines.baseUrl,
        ollamaHost: vendorsUrl,
        openrouterBaseUrl: `${vendorsUrl}/api/v1`,
      },
    },
  });
});
afterAll(async () => {
  await api.close();
  await engines.stop();
  vendors.closeAllConnections();
  await new Promise((resolve) => vendors.close(resolve));
});
beforeEach(async () => {
  await api.database.kysely.deleteFrom('settings').execute();
});

const get = (url: string) => api.app.inject({ method: 'GET', url });
const post = (url: string, payload: object) => api.app.inject({ method: 'POST', url, payload });

describe('/api/tts', () => {
  test('engines say whether they can be used', async () => {
    const { engines: list, default: chosen } = (await get('/api/tts/engines')).json();
    expect(chosen).toBe('local');
    expect(list).toMatchObject([
      { id: 'local', self_hosted: true, available: true },
      { id: 'speech-server', available: false },
      { id: 'edge', available: false },
      { id: 'elevenlabs', available: false },
      { id: 'openai', available: false },
      { id: 'deepgram', available: false },
      { id: 'cartesia', available: false },
    ]);
  });

  test('voices: of the local engine, of a server that lists them, of no engine', async () => {
    expect((await get('/api/tts/local/voices')).json()).toEqual({ engine: 'local', voices: [] });
    await post('/api/settings', { settings: { tts_base_url: `${vendorsUrl}/v1`, tts_voice: 'echo' } });
    expect((await get('/api/tts/openai/voices')).json().voices).toEqual([
      { id: 'alloy', name: 'alloy', gender: '', locale: '' },
      { id: 'nova', name: 'Nova', gender: '', locale: 'it' },
    ]);
    await post('/api/settings', {
      settings: { tts_engine: 'openai', tts_base_url: engines.baseUrl, tts_voice: 'echo' },
    });
    expect((await get('/api/tts/openai/voices')).json().voices).toMatchObject([{ id: 'echo' }]);
    expect((await get('/api/tts/robot/voices')).statusCode).toBe(404);
  });

  test('the voice in use is a part of the settings', async () => {
    const changed = await post('/api/tts/current', { voice: 'it-paola', speed: 1.2, language: 'it' });
    const expected = { engine: 'local', language: 'it', voice: 'it-paola', speaker: 'it-paola', speed: 1.2 };
    expect(changed.json()).toEqual(expected);
    expect((await get('/api/tts/current')).json()).toEqual(expected);
    for (const bad of [{ engine: 'robot' }, { speed: 9 }, { engine: 'openai' }]) {
      expect((await post('/api/tts/current', bad)).statusCode).toBe(422);
    }
  });

  test('a sentence comes back as a WAV file that says what it is', async () => {
    const response = await post('/api/tts/test', { text: 'Ciao a tutti', voice: 'it-paola', language: 'it' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('audio/wav');
    const bytes = response.rawPayload;
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
    const sampleRateHz = Number(response.headers['x-sample-rate']);
    expect(sampleRateHz).toBe(bytes.readUInt32LE(24));
    expect(Number(response.headers['x-duration'])).toBeCloseTo((bytes.length - 44) / 2 / sampleRateHz, 2);
    expect(response.headers['x-engine']).toBe('local');
    expect(engines.requests.at(-1)).toMatchObject({ stage: 'tts', text: 'Ciao a tutti', voice: 'it-paola' });
  });

  test('a voice engine that fails is named, and nothing else breaks', async () => {
    engines.setFault('tts', { type: 'status', status: 500 });
    const response = await post('/api/tts/test', { text: 'Ciao' });
    engines.setFault('tts', undefined);
    expect(response.statusCode).toBe(503);
    expect(response.json().detail).toContain('tts');
  });

  test.each([
    { text: '' },
    { text: 'x'.repeat(501) },
    { text: 'x', engine: 'robot' },
    { text: 'x', speed: 'slow' },
  ])('test with %j: 422', async (payload) => {
    expect((await post('/api/tts/test', payload)).statusCode).toBe(422);
  });
});

describe('/api/ollama', () => {
  test('lists its models and selects one of them', async () => {
    expect((await get('/api/ollama/models')).json()).toMatchObject({
      models: [{ id: 'qwen3:4b', name: 'qwen3:4b', size: 2_600_000_000 }],
      host: vendorsUrl,
    });
    const selected = await post('/api/ollama/select', { model: 'qwen3:4b' });
    expect(selected.json()).toEqual({ status: 'ok', model: 'qwen3:4b', provider: 'ollama' });
    const { settings } = (await get('/api/settings')).json();
    expect(settings).toMatchObject({ llm_provider: 'ollama', ollama_model: 'qwen3:4b' });
  });

  test('a model that it has not is 422', async () => {
    expect((await post('/api/ollama/select', { model: 'absent' })).statusCode).toBe(422);
    expect((await post('/api/ollama/select', {})).statusCode).toBe(422);
  });
});

describe('/api/openrouter', () => {
  test('searches, sorts, selects', async () => {
    const dearest = (await get('/api/openrouter/models?sort_by=cost_desc')).json();
    expect(dearest.count).toBe(2);
    expect(dearest.models[0]).toMatchObject({ id: 'acme/dear', prompt_cost: 0.00001 });
    expect((await get('/api/openrouter/models?search=cheap')).json().models).toMatchObject([
      { id: 'acme/cheap', supports_tools: true },
    ]);
    expect((await get('/api/openrouter/models?sort_by=beauty')).statusCode).toBe(422);
    const select = () => post('/api/openrouter/select', { model: 'acme/cheap' });
    const withoutKey = await select();
    expect([withoutKey.statusCode, withoutKey.json().detail]).toEqual([
      422,
      'openrouter_api_key: is required when llm_provider is openrouter',
    ]);
    await post('/api/openrouter/key', { api_key: 'sk-wrong' });
    expect((await select()).json()).toEqual({
      detail: 'llm_provider: OpenRouter answered 401; check the key. Nothing was changed.',
      code: 'engine_check_failed',
    });
    await post('/api/openrouter/key', { api_key: 'sk-good' });
    const selected = await select();
    expect(selected.json()).toEqual({ status: 'ok', model: 'acme/cheap', provider: 'openrouter' });
  });
});

describe('/api/status with engines', () => {
  test('says of each part whether it can be used', async () => {
    const status = (await get('/api/status')).json();
    for (const part of ['livekit', 'ollama', 'whisper', 'tts', 'llm', 'database']) {
      expect(status[part]).toMatchObject({ available: true });
    }
    expect(status.llm.message).toBe('ollama:qwen3:4b');
    expect(status.agent.available).toBe(false);
    expect(status.all_ready).toBe(false);
  });
});

test('parts that are away: 503 naming each', async () => {
  const lonely = await createTestApp();
  for (const [url, name] of [
    ['/api/ollama/models', 'Ollama'],
    ['/api/openrouter/models', 'OpenRouter'],
    ['/api/tts/local/voices', 'tts engine local'],
  ] as const) {
    const response = await lonely.app.inject(url);
    expect(response.statusCode).toBe(503);
    expect(response.json().detail).toContain(name);
  }
  await lonely.close();
});
