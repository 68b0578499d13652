import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { noEndpoints } from '@sophy/providers/no-endpoints.test-support';
import { speechShapedAudio } from '@sophy/providers/scripted/speech-shaped-audio';
import { type ScriptedEngineServer, startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';

const goodKey = 'gsk-good-0123456789';

let groq: Server;
let groqRequests: string[];
let engines: ScriptedEngineServer;
let api: TestApp;
beforeAll(async () => {
  groq = createServer((request, response) => {
    groqRequests.push(request.url ?? '');
    if (request.headers.authorization !== `Bearer ${goodKey}`) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'Invalid API Key', code: 'invalid_api_key' } }));
    } else if (request.url === '/models') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [{ id: 'openai/gpt-oss-20b', object: 'model' }] }));
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `data: ${JSON.stringify({ choices: [{ delta: { content: 'ok' } }] })}\n\ndata: [DONE]\n\n`,
      );
    }
  });
  await new Promise<void>((resolve) => groq.listen(0, '127.0.0.1', resolve));
  engines = await startScriptedEngineServer({
    delays: { ttsFirstByteMs: 1, sttMs: 1, llmFirstTokenMs: 1 },
    speechPace: 100,
  });
  api = await createTestApp({
    configuration: {
      endpoints: {
        ...noEndpoints,
        enginesUrl: engines.baseUrl,
        groqBaseUrl: `http://127.0.0.1:${(groq.address() as AddressInfo).port}`,
      },
    },
  });
});
afterAll(async () => {
  await api.close();
  await engines.stop();
  groq.closeAllConnections();
  await new Promise((resolve) => groq.close(resolve));
});
beforeEach(async () => {
  groqRequests = [];
  await api.database.kysely.deleteFrom('settings').execute();
});

const get = (url: string) => api.app.inject({ method: 'GET', url });
const post = (url: string, payload: object) => api.app.inject({ method: 'POST', url, payload });
const save = (settings: object, more: object = {}) => post('/api/settings', { settings, ...more });
const stored = async (key: string) => (await get(`/api/settings/${key}`)).json().value;

describe('GET /api/engines', () => {
  test('says of each what it can do, needs, costs, and where it stands', async () => {
    await save({ llm_fallbacks: ['groq', 'local'], groq_api_key: goodKey });
    const list = (await get('/api/engines')).json();
    const llm = (id: string) => list.llm.find((engine: { id: string }) => engine.id === id);
    expect(llm('groq')).toMatchObject({
      name: 'Groq',
      self_hosted: false,
      available: true,
      missing: '',
      settings: ['groq_api_key', 'groq_model'],
      position: 1,
      model: 'openai/gpt-oss-20b',
      capabilities: { streaming: true, tools: true },
      price: { unit: 'million-tokens', prompt_usd: 0.075, completion_usd: 0.3, usd: null },
      breaker: null,
    });
    // The chosen engine that also stands among those that take over is asked once.
    expect(llm('local')).toMatchObject({ position: 0, price: { unit: 'free', usd: 0 } });
    expect(llm('cerebras')).toMatchObject({
      available: false,
      missing: 'Set cerebras_api_key.',
      position: null,
    });
    expect(llm('openai').price).toBeNull();
    expect(list.tts.map(({ id }: { id: string }) => id)).toContain('elevenlabs');
    expect(list.stt[0].capabilities).toMatchObject({ streaming: false, sample_rate_hz: 16_000 });
    expect(JSON.stringify(list)).not.toContain(goodKey);
  });

  test('models and voices: listed, unknown, without a key', async () => {
    await save({ groq_api_key: goodKey });
    expect((await get('/api/engines/llm/groq/models')).json().models).toMatchObject([
      { id: 'openai/gpt-oss-20b' },
    ]);
    for (const [url, status, reason] of [
      ['/api/engines/llm/cerebras/models', 503, 'Set cerebras_api_key.'],
      ['/api/engines/llm/robot/models', 404, 'groq'],
      ['/api/engines/nose/robot/models', 404, 'stt, llm, tts'],
      ['/api/engines/llm/groq/voices', 404, 'only tts engines'],
      ['/api/engines/tts/elevenlabs/voices', 503, 'ElevenLabs'],
    ] as const) {
      const response = await get(url);
      expect([url, response.statusCode]).toEqual([url, status]);
      expect(response.json().detail).toContain(reason);
    }
  });
});

describe('an engine is tried before it is put into use', () => {
  test('a wrong key is refused with the reason, and nothing is changed', async () => {
    const refused = await save({ llm_provider: 'groq', groq_api_key: 'gsk-wrong', tts_speed: 1.3 });
    expect([refused.statusCode, refused.json()]).toEqual([
      422,
      {
        detail: 'llm_provider: Groq answered 401 (invalid_api_key); check the key. Nothing was changed.',
        code: 'engine_check_failed',
      },
    ]);
    expect(await stored('llm_provider')).toBe('local');
    expect(await stored('tts_speed')).toBe(1);
  });

  test('one that works is stored, and tried again only when it becomes another one', async () => {
    expect((await save({ llm_provider: 'groq', groq_api_key: goodKey })).statusCode).toBe(200);
    expect(groqRequests).toHaveLength(1);
    expect((await save({ tts_speed: 1.3, endpointing_min_ms: 300, llm_provider: 'groq' })).statusCode).toBe(
      200,
    );
    expect(groqRequests).toHaveLength(1);
    expect((await save({ groq_model: 'llama-3.3-70b-versatile' })).statusCode).toBe(200);
    expect(groqRequests).toHaveLength(2);
    expect((await save({ groq_api_key: 'gsk-revoked' })).statusCode).toBe(422);
    expect((await save({ groq_api_key: '' })).json().detail).toBe(
      'groq_api_key: is required when llm_provider is groq',
    );
  });

  test('keys of engines that are not chosen are stored without asking anybody', async () => {
    expect((await save({ groq_api_key: 'gsk-later', llm_fallbacks: ['groq'] })).statusCode).toBe(200);
    expect(groqRequests).toEqual([]);
  });

  test('without its key it is refused by the name of the setting, checked or not', async () => {
    for (const check of [true, false]) {
      const refused = await save({ stt_engine: 'deepgram' }, { check });
      expect(refused.json()).toEqual({ detail: 'deepgram_api_key: is required when stt_engine is deepgram' });
    }
  });

  test('without a check it is stored as it is', async () => {
    expect(
      (await save({ llm_provider: 'groq', groq_api_key: 'gsk-wrong' }, { check: false })).statusCode,
    ).toBe(200);
    const put = (payload: object) =>
      api.app.inject({ method: 'PUT', url: '/api/settings/groq_api_key', payload });
    expect((await put({ value: 'gsk-wrong-too' })).statusCode).toBe(422);
    expect((await put({ value: 'gsk-wrong-too', check: false })).statusCode).toBe(200);
    expect(groqRequests).toHaveLength(1);
  });

  test('an engine that was not set up may be set up piece by piece', async () => {
    await api.database.pool.query(
      `INSERT INTO settings (key, value) VALUES ('llm_provider', '"openrouter"')`,
    );
    expect((await post('/api/openrouter/key', { api_key: 'sk-first' })).statusCode).toBe(200);
  });

  test('another voice of the chosen engine is tried, in the language that it speaks', async () => {
    const before = engines.requests.length;
    expect((await post('/api/tts/current', { voice: 'it-paola', language: 'it' })).statusCode).toBe(200);
    expect(engines.requests.slice(before)).toMatchObject([
      { stage: 'tts', voice: 'it-paola', language: 'it' },
    ]);
    engines.setFault('tts', { type: 'status', status: 500 }, 1);
    const refused = await post('/api/tts/current', { voice: 'it-riccardo' });
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'engine_check_failed']);
    expect(await stored('tts_voice')).toBe('it-paola');
  });

  test('a voice is let go with its engine, and not asked of another one', async () => {
    await save({ tts_voice: 'it-paola', tts_base_url: engines.baseUrl });
    const before = engines.requests.length;
    await post('/api/tts/test', { text: 'Ciao', engine: 'openai' });
    await post('/api/engines/tts/openai/test', {});
    expect((await save({ tts_engine: 'openai' })).json().updated).toContain('tts_voice');
    expect(await stored('tts_voice')).toBe('');
    const voices = engines.requests.slice(before).map((request) => request.stage === 'tts' && request.voice);
    expect(voices).toHaveLength(3);
    expect(voices).not.toContain('it-paola');
  });

  test('every stage that fails is named', async () => {
    const nowhere = 'http://127.0.0.1:9/v1';
    const refused = await save({
      stt_engine: 'openai',
      stt_base_url: nowhere,
      llm_provider: 'groq',
      groq_api_key: 'gsk-wrong',
    });
    expect(refused.json().detail).toMatch(/^stt_engine: .*; llm_provider: .* Nothing was changed\.$/);
  });
});

describe('POST /api/engines/{stage}/{engine}/test', () => {
  test('tries what is not stored yet, and stores nothing', async () => {
    const settings = { groq_api_key: goodKey };
    const good = (await post('/api/engines/llm/groq/test', { settings })).json();
    expect(good).toMatchObject({ ok: true, message: 'Groq answers.', words: null });
    expect(good.took_ms).toBeGreaterThanOrEqual(0);
    const wrong = (await post('/api/engines/llm/groq/test', { settings: { groq_api_key: 'x' } })).json();
    expect(wrong).toMatchObject({
      ok: false,
      message: 'Groq answered 401 (invalid_api_key); check the key.',
    });
    expect((await post('/api/engines/llm/groq/test', {})).json()).toMatchObject({
      ok: false,
      message: 'Set groq_api_key.',
    });
    expect(await stored('groq_api_key')).toEqual({ set: false, last4: '' });
  });

  test('a mask means the stored key', async () => {
    await save({ groq_api_key: goodKey });
    const settings = { groq_api_key: { set: true, last4: '6789' } };
    expect((await post('/api/engines/llm/groq/test', { settings })).json()).toMatchObject({ ok: true });
  });

  test('recognition hears a sentence that the voice says, or a clip of the request', async () => {
    engines.setTranscripts(() => 'the train leaves at seven');
    const before = engines.requests.length;
    const heard = (await post('/api/engines/stt/local/test', {})).json();
    expect(heard).toMatchObject({ ok: true, words: 'the train leaves at seven' });
    expect(engines.requests.slice(before)).toMatchObject([{ stage: 'tts' }, { stage: 'stt' }]);

    const wav = encodeWav(speechShapedAudio(500, 16_000));
    const given = await post('/api/engines/stt/local/test', {
      audio_base64: Buffer.from(wav).toString('base64'),
    });
    expect(given.json()).toMatchObject({ ok: true, words: 'the train leaves at seven' });

    engines.setFault('tts', { type: 'status', status: 500 }, 10);
    const silent = (await post('/api/engines/stt/local/test', {})).json();
    engines.setFault('tts', undefined);
    expect(silent).toMatchObject({ ok: true, words: null });
  });

  test.each([
    ['/api/engines/stt/local/test', { audio_base64: 'bm8gd2F2' }, 422],
    ['/api/engines/stt/local/test', { audio_base64: '%' }, 422],
    ['/api/engines/stt/local/test', { settings: { nope: 1 } }, 422],
    ['/api/engines/stt/robot/test', {}, 404],
    ['/api/engines/tts/openai/test', { settings: { tts_base_url: 'ftp://x' } }, 422],
  ])('%s with %j: %i', async (url, payload, status) => {
    expect((await post(url, payload)).statusCode).toBe(status);
  });
});
