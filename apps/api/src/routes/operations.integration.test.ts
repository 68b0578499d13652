import { createHash, randomUUID } from 'node:crypto';
import { callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import { endCall, insertOpenCall } from '@sophy/db/calls';
import { appendJournal, type JournalEntry } from '@sophy/db/journal';
import { heartbeatWorker } from '@sophy/db/workers';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, testConfiguration } from '../../test/create-test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(() => {
  api.livekit.isDown = false;
  api.hints.length = 0;
});

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'GET', url, headers });

async function openCall(roomName: string, events: readonly JournalEntry['event'][]) {
  const callId = callIdSchema.parse(randomUUID());
  await insertOpenCall(api.database, { id: callId, roomName });
  const entries = events.map((event, index) => ({ seq: index + 1, atMs: 1_767_225_600_000 + index, event }));
  await appendJournal(api.database, { callId, epoch: 1, entries });
  return callId;
}

async function textUntil(response: Response, mark: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes(mark)) break;
  }
  return text;
}

function timing(totalMs: number) {
  return {
    turnId: `turn-${totalMs}`,
    replyId: 'reply',
    endOfTurnMs: 300,
    sttMs: 100,
    llmFirstTokenMs: 150,
    llmMs: 400,
    ttsFirstAudioMs: 80,
    ttsAudioMs: 2_000,
    totalMs,
  };
}

describe('health', () => {
  test('alive, ready, and ready no more when LiveKit is away', async () => {
    expect((await get('/api/health')).json()).toEqual({ status: 'ok', service: 'voice-agent', https: false });
    expect((await get('/livez')).statusCode).toBe(200);
    expect((await get('/readyz')).statusCode).toBe(200);
    api.livekit.isDown = true;
    const response = await get('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json().detail).toBe('Not ready: LiveKit cannot be reached.');
    expect((await get('/livez')).statusCode).toBe(200);
  });

  test('metrics count requests by route, not by address', async () => {
    await get('/api/chats?search=geheim');
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/sophy_http_request_seconds_count\{.*route="\/api\/chats",status="200"/);
    expect(body).not.toContain('geheim');
  });

  test('the public configuration holds no secret', async () => {
    const { body } = await get('/api/config');
    expect(body).not.toContain(testConfiguration.livekit.apiSecret);
    expect(JSON.parse(body)).toMatchObject({
      livekit_url: 'ws://127.0.0.1:9',
      livekit_url_configured: false,
      login_required: false,
      agent_name: 'Sophy',
    });
  });
});

describe('workers', () => {
  test('a worker that reports makes the agent available', async () => {
    const id = workerIdSchema.parse('worker-test-1');
    await heartbeatWorker(api.database, {
      id,
      version: '1.0.0',
      slots: 8,
      jobs: ['a:1', 'b:1'],
      state: 'ready',
      metricsUrl: null,
    });
    expect((await get('/api/workers')).json().workers).toMatchObject([
      { id, version: '1.0.0', slots: 8, active: 2, state: 'ready' },
    ]);
    const { agent } = (await get('/api/status')).json();
    expect(agent).toEqual({ available: true, message: '1 workers, 2 of 8 calls' });
    await heartbeatWorker(api.database, {
      id,
      version: '1',
      slots: 8,
      jobs: ['a:1', 'b:1'],
      state: 'draining',
      metricsUrl: null,
    });
    expect((await get('/api/status')).json().agent.available).toBe(false);
  });
});

describe('calls', () => {
  test('list, participants, journal', async () => {
    const id = await openCall('sala', [
      { type: 'speaker-join', speaker: 'anna-1', name: 'Anna' },
      { type: 'speaker-join', speaker: 'bo-1', name: 'Bo' },
      { type: 'speaker-leave', speaker: 'bo-1' },
    ]);
    await endCall(api.database, id, 'room-empty');
    expect((await get('/api/calls')).json().calls[0]).toMatchObject({
      id,
      room_name: 'sala',
      state: 'ended',
      end_reason: 'room-empty',
    });
    expect((await get(`/api/calls/${id}`)).json().participants).toMatchObject([
      { identity: 'anna-1', name: 'Anna', left_at: null },
      { identity: 'bo-1', name: 'Bo', left_at: '2026-01-01T00:00:00.002Z' },
    ]);
    const { events } = (await get(`/api/calls/${id}/events`)).json();
    expect(events.map(({ id: eventId }: { id: string }) => eventId)).toEqual(['1-1', '1-2', '1-3']);
    expect(events[0]).toMatchObject({ type: 'speaker-join', payload: { speaker: 'anna-1', name: 'Anna' } });
    expect((await get(`/api/calls/${id}/events?after=1-2`)).json().events).toHaveLength(1);
  });

  test('a call says what it cost, stage by stage, and counts what is not known instead of taking it for nothing', async () => {
    const usage = {
      type: 'usage',
      turnId: 't1',
      replyId: 'r1',
      engine: 'openai',
      model: 'some-model',
      isEstimated: false,
      outcome: 'complete',
      priceVersion: 'v7',
    } as const;
    const id = await openCall('cost', [
      { ...usage, stage: 'stt', audioMs: 1_000, costMicroUsd: 100 },
      { ...usage, stage: 'llm', promptTokens: 10, completionTokens: 2, costMicroUsd: 1_500_000 },
      { ...usage, stage: 'tts', characters: 9, costMicroUsd: null },
    ]);
    const nothing = { known_usd: 0, unknown_parts: 0 };
    const cost = {
      known_usd: 1.5001,
      unknown_parts: 1,
      by_stage: {
        stt: { known_usd: 0.0001, unknown_parts: 0 },
        llm: { known_usd: 1.5, unknown_parts: 0 },
        tts: { known_usd: 0, unknown_parts: 1 },
      },
      price_version: 'v7',
    };
    expect((await get(`/api/calls/${id}`)).json().cost).toEqual(cost);
    expect((await get('/api/calls')).json().calls[0].cost).toEqual(cost);
    const { events } = (await get(`/api/calls/${id}/events?type=usage`)).json();
    expect(events).toHaveLength(3);
    expect(events[2].payload).toMatchObject({ stage: 'tts', costMicroUsd: null, turnId: 't1' });
    const idle = await openCall('quiet', []);
    expect((await get(`/api/calls/${idle}`)).json().cost).toEqual({
      ...nothing,
      by_stage: { stt: nothing, llm: nothing, tts: nothing },
      price_version: null,
    });
  });

  test('pages of calls hold each once', async () => {
    for (let index = 0; index < 3; index += 1) await openCall(`pagina-${index}`, []);
    const first = (await get('/api/calls?limit=2')).json();
    const second = (await get(`/api/calls?limit=2&cursor=${first.next_cursor}`)).json();
    const ids = [...first.calls, ...second.calls].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test('the journal answers why: entries by type, rule, action and speaker, page by page', async () => {
    const decision = (speaker: string, rule: string, action: 'answer' | 'silent' | 'stop') =>
      ({ type: 'decision', turnId: 't', speaker, rule, action, evidence: { waitMs: 350 } }) as const;
    const id = await openCall('perche', [
      { type: 'speaker-join', speaker: 'anna-1', name: 'Anna' },
      decision('anna-1', 'addressed', 'answer'),
      decision('bo-1', 'record-only', 'silent'),
      decision('bo-1', 'stop-word', 'stop'),
      decision('anna-1', 'record-only', 'silent'),
      { type: 'hand', speaker: 'anna-1', isRaised: true },
    ]);
    const idsAt = async (query: string): Promise<string[]> =>
      (await get(`/api/calls/${id}/events?${query}`))
        .json()
        .events.map(({ id: eventId }: { id: string }) => eventId);
    expect(await idsAt('type=decision')).toEqual(['1-2', '1-3', '1-4', '1-5']);
    expect(await idsAt('type=decision&type=hand&speaker=anna-1')).toEqual(['1-2', '1-5', '1-6']);
    expect(await idsAt('rule=record-only')).toEqual(['1-3', '1-5']);
    expect(await idsAt('action=silent&speaker=bo-1')).toEqual(['1-3']);
    expect(await idsAt('rule=no-such-rule')).toEqual([]);
    expect(await idsAt('type=decision&limit=2')).toEqual(['1-2', '1-3']);
    expect(await idsAt('type=decision&limit=2&after=1-3')).toEqual(['1-4', '1-5']);
  });

  test.each(['type=decisions', 'action=shout', 'rule=', 'speaker='])(
    'a filter that cannot match anything is refused: %s',
    async (query) => {
      const id = await openCall('filtro', []);
      const response = await get(`/api/calls/${id}/events?${query}`);
      expect(response.statusCode).toBe(422);
      expect(response.json().detail).toContain(query.split('=')[0]);
    },
  );

  test('events come live, and a reader that comes back misses none', async () => {
    const id = await openCall('diretta', [{ type: 'speaker-join', speaker: 'anna-1', name: 'Anna' }]);
    const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const stop = new AbortController();
    const response = await fetch(`${address}/api/calls/${id}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': '1-1' },
      signal: stop.signal,
    });
    const filtered = await fetch(`${address}/api/calls/${id}/events?type=speaker-leave`, {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const event = { type: 'speaker-leave' as const, speaker: 'anna-1' };
    await appendJournal(api.database, { callId: id, epoch: 1, entries: [{ seq: 2, atMs: 1, event }] });
    const texts = await Promise.all([response, filtered].map((stream) => textUntil(stream, 'speaker-leave')));
    stop.abort();
    for (const text of texts) {
      expect(text).toContain('id: 1-2\nevent: speaker-leave\ndata: {');
      expect(text).not.toContain('id: 1-1');
    }
  });

  test.each([
    ['/api/calls/nonsense', 422],
    [`/api/calls/${randomUUID()}`, 404],
    [`/api/calls/${randomUUID()}/events`, 404],
    ['/api/calls?limit=1000', 422],
    ['/api/calls?cursor=x', 422],
  ])('%s: %i', async (url, status) => {
    expect((await get(url)).statusCode).toBe(status);
    expect((await get(url, { accept: 'text/event-stream' })).statusCode).toBe(status);
  });
});

describe('timing', () => {
  test('is read from the journals and reported by workers, each turn once', async () => {
    const callId = await openCall('tempi', [{ type: 'timing', ...timing(1_000) }]);
    const report = { call_id: callId, epoch: 1, seq: 2, at_ms: Date.now(), timing: timing(2_000) };
    for (let count = 0; count < 2; count += 1) {
      const response = await api.app.inject({ method: 'POST', url: '/api/timing', payload: report });
      expect(response.json()).toEqual({ status: 'ok' });
    }
    const body = (await get('/api/timing')).json();
    expect(body.latency).toEqual({
      e2e_ms: 1_500,
      to_first_audio_ms: 1_500,
      p50_ms: 1_000,
      p95_ms: 2_000,
      count: 2,
    });
    expect(body.llm).toMatchObject({ time_ms: 400, ttft_ms: 150 });
    expect(body.tts).toMatchObject({ time_ms: 80, audio_sec: 2 });
  });

  test.each([
    [{ call_id: randomUUID() }, 409],
    [{ call_id: 'x' }, 422],
    [{ seq: 0 }, 422],
    [{ at_ms: 'now' }, 422],
    [{ timing: {} }, 422],
  ])('a report with %j: %i', async (more, status) => {
    const report = { call_id: randomUUID(), epoch: 1, seq: 1, at_ms: 1, timing: timing(1), ...more };
    const response = await api.app.inject({ method: 'POST', url: '/api/timing', payload: report });
    expect(response.statusCode).toBe(status);
  });
});

describe('webhooks', () => {
  async function send(body: string, secret: string, signedBody = body) {
    const token = new AccessToken(testConfiguration.livekit.apiKey, secret, { ttl: 300 });
    token.sha256 = createHash('sha256').update(signedBody).digest('base64');
    return api.app.inject({
      method: 'POST',
      url: '/api/livekit/webhook',
      headers: { 'content-type': 'application/webhook+json', authorization: await token.toJwt() },
      payload: body,
    });
  }
  const body = JSON.stringify({
    event: 'participant_joined',
    room: { name: 'sala' },
    id: 'EV_1',
    createdAt: '1',
  });
  const { apiSecret } = testConfiguration.livekit;

  test('a signed one is a hint for its room', async () => {
    expect((await send(body, apiSecret)).statusCode).toBe(200);
    expect(api.hints).toEqual(['sala']);
  });

  test('forged ones are 401 and hint at nothing', async () => {
    const unsigned = { method: 'POST', url: '/api/livekit/webhook', payload: body } as const;
    const statuses = [
      await send(body, 'another-secret-of-more-than-32-characters'),
      await send(body.replace('sala', 'altra'), apiSecret, body),
      await send('', apiSecret),
      await api.app.inject({ ...unsigned, headers: { 'content-type': 'application/webhook+json' } }),
      await api.app.inject({
        ...unsigned,
        headers: { 'content-type': 'application/json', authorization: 'x.y.z' },
      }),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    expect(api.hints).toEqual([]);
  });

  test('a signed text that is no event is 401, not a failure', async () => {
    expect((await send('not json', apiSecret)).statusCode).toBe(401);
  });
});

describe('description of the interface', () => {
  test('is OpenAPI 3.1 with every route of the specification', async () => {
    const document = (await get('/api/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/token',
        '/api/livekit/token',
        '/api/settings/{key}',
        '/api/chats/{id}/export',
        '/api/tts/{engine}/voices',
        '/api/calls/{id}/events',
        '/api/status',
      ]),
    );
    const { parameters } = document.paths['/api/calls/{id}/events'].get;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['after', 'limit', 'type', 'rule', 'action', 'speaker']),
    );
    expect((await get('/api/docs/')).headers['content-type']).toContain('text/html');
  });
});
