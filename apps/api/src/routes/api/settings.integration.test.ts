import { settingsSchema } from '@sophy/contracts/settings';
import { watchSettings } from '@sophy/db/settings';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';

const secret = 'sk-very-secret-0123456789';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.kysely.deleteFrom('settings').execute();
});

const get = (url: string) => api.app.inject({ method: 'GET', url });
const post = (url: string, payload: object) => api.app.inject({ method: 'POST', url, payload });
const put = (key: string, value: unknown) =>
  api.app.inject({ method: 'PUT', url: `/api/settings/${key}`, payload: { value } });

describe('/api/settings', () => {
  test('starts with the defaults, every key there', async () => {
    const body = (await get('/api/settings')).json();
    expect(Object.keys(body.settings).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    expect(body.settings).toMatchObject({ agent_name: 'Sophy', tts_speed: 1 });
  });

  test('many and one: stored, read back, and the version grows', async () => {
    const before = (await get('/api/settings')).json().version;
    const many = await post('/api/settings', { settings: { tts_speed: 1.2, agent_aliases: ['sofi'] } });
    expect(many.json()).toEqual({ status: 'ok', updated: ['agent_aliases', 'tts_speed'] });
    expect((await put('history_messages', 7)).json()).toEqual({
      status: 'ok',
      updated: ['history_messages'],
    });
    const after = (await get('/api/settings')).json();
    expect(after.settings).toMatchObject({ tts_speed: 1.2, agent_aliases: ['sofi'], history_messages: 7 });
    expect(after.version).toBe(before + 2);
    expect((await get('/api/settings/history_messages')).json()).toEqual({
      key: 'history_messages',
      value: 7,
      version: after.version,
    });
  });

  test('voices by engine, which are an object like a mask, are stored', async () => {
    const voices = { 'edge:it': 'it-IT-ElsaNeural', elevenlabs: 'abc' };
    expect((await put('tts_voices', voices)).json().updated).toEqual(['tts_voices']);
    expect((await get('/api/settings/tts_voices')).json().value).toEqual(voices);
  });

  test('whoever listens hears of a change', async () => {
    const stop = new AbortController();
    const onChange = vi.fn();
    const onError = vi.fn();
    const watch = watchSettings({ url: api.databaseUrl, onChange, onError, signal: stop.signal });
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await put('tts_speed', 1.5);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    stop.abort();
    await watch;
    expect(onError).not.toHaveBeenCalled();
  });

  test.each([
    ['an unknown key', { settings: { nope: 1 } }, 'nope'],
    ['a bad value', { settings: { tts_speed: 9 } }, 'tts_speed'],
    ['a wrong type', { settings: { force_agent_response: 'yes' } }, 'force_agent_response'],
    ['NUL in a text', { settings: { system_prompt: 'a\u0000' } }, 'system_prompt'],
    ['an engine without its address', { settings: { llm_provider: 'openai' } }, 'llm_base_url'],
    ['an address of another kind', { settings: { tts_base_url: 'file:///etc/passwd' } }, 'tts_base_url'],
    ['a speech server of another kind', { settings: { speech_server_url: 'ftp://x' } }, 'speech_server_url'],
    ['an engine that takes over twice', { settings: { llm_fallbacks: ['groq', 'groq'] } }, 'llm_fallbacks'],
    ['no settings at all', {}, 'settings'],
  ])('%s: 422 naming it, nothing written', async (_, payload, name) => {
    const response = await post('/api/settings', payload);
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain(name);
    expect(await api.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  test('one bad value spoils the whole request', async () => {
    const response = await post('/api/settings', { settings: { tts_speed: 1.2, history_messages: -1 } });
    expect(response.statusCode).toBe(422);
    expect((await get('/api/settings/tts_speed')).json().value).toBe(1);
  });

  test('an engine cannot lose its address while it is in use', async () => {
    const chosen = { llm_provider: 'openai', llm_base_url: 'http://127.0.0.1:1/v1' };
    expect((await post('/api/settings', { settings: chosen, check: false })).statusCode).toBe(200);
    const response = await put('llm_base_url', '');
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain('llm_base_url');
  });

  test.each([
    ['nope', 1],
    ['tts_speed', 'fast'],
    ['tts_speed', null],
    ['__proto__', 1],
  ])('PUT %s = %j: 422 naming it', async (key, value) => {
    const response = await put(key, value);
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain(key);
  });

  test('PUT without a value: 422 naming it', async () => {
    const response = await put('tts_speed', undefined);
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain('value');
  });

  test('GET of an unknown key: 422 naming it', async () => {
    const response = await get('/api/settings/constructor');
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain('constructor');
  });
});

describe('secrets', () => {
  test('never come back, are not readable in the database, and a mask keeps them', async () => {
    await post('/api/settings', { settings: { llm_api_key: secret, stt_api_key: secret } });
    await put('tts_api_key', secret);
    await post('/api/openrouter/key', { api_key: secret });

    const { settings } = (await get('/api/settings')).json();
    for (const key of ['llm_api_key', 'stt_api_key', 'tts_api_key', 'openrouter_api_key']) {
      expect(settings[key]).toEqual({ set: true, last4: '6789' });
      const one = await get(`/api/settings/${key}`);
      expect(one.json().value).toEqual({ set: true, last4: '6789' });
    }
    for (const url of ['/api/settings', '/api/config', '/api/status', '/metrics']) {
      expect((await get(url)).body).not.toContain(secret);
    }
    const rows = await api.database.kysely.selectFrom('settings').selectAll().execute();
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(new Set(rows.map(({ sealed }) => sealed)).size).toBe(4);

    const sealed = rows.find(({ key }) => key === 'llm_api_key')?.sealed;
    await post('/api/settings', { settings: { ...settings, tts_speed: 1.1 } });
    await put('llm_api_key', { set: true, last4: '6789' });
    const kept = await api.database.kysely
      .selectFrom('settings')
      .select('sealed')
      .where('key', '=', 'llm_api_key')
      .executeTakeFirst();
    expect(kept?.sealed).toBe(sealed);
  });

  test('an empty value removes a secret', async () => {
    await put('llm_api_key', secret);
    await put('llm_api_key', '');
    expect((await get('/api/settings/llm_api_key')).json().value).toEqual({ set: false, last4: '' });
  });

  test('a secret moved to another row counts for nothing', async () => {
    await put('llm_api_key', secret);
    await api.database.kysely.updateTable('settings').set({ key: 'stt_api_key' }).execute();
    const { settings } = (await get('/api/settings')).json();
    expect(settings.stt_api_key).toEqual({ set: false, last4: '' });
  });

  test('a bad secret is not repeated in the refusal', async () => {
    const response = await put('llm_api_key', `${secret}\u0000`);
    expect(response.statusCode).toBe(422);
    expect(response.body).not.toContain(secret);
  });
});

describe('/api/prompt and /api/context', () => {
  test.each([
    ['prompt', 'system_prompt'],
    ['context', 'context_injection'],
  ])('%s is the setting %s', async (name, key) => {
    const text = 'Rispondi in rima.\nSempre.';
    expect((await post(`/api/${name}`, { [name]: text })).json()).toEqual({ [name]: text });
    expect((await get(`/api/${name}`)).json()).toEqual({ [name]: text });
    expect((await get(`/api/settings/${key}`)).json().value).toBe(text);
    const bad = await post(`/api/${name}`, { [name]: 'x'.repeat(20_001) });
    expect(bad.statusCode).toBe(422);
    expect(bad.json().detail).toContain(name);
  });
});
