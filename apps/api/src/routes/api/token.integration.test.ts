import { randomUUID } from 'node:crypto';
import { callIdSchema, workerIdSchema } from '@sophy/contracts/ids';
import { insertOpenCall } from '@sophy/db/calls';
import { heartbeatWorker } from '@sophy/db/workers';
import { TokenVerifier } from 'livekit-server-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, testConfiguration } from '../../../test/create-test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.kysely.deleteFrom('seats').execute();
  api.livekit.participants.clear();
  api.livekit.isDown = false;
});

function ask(participant_name: string, more: Record<string, unknown> = {}) {
  return api.app.inject({
    method: 'POST',
    url: '/api/token',
    payload: { room_name: 'stanza', participant_name, ...more },
  });
}

async function expireSeats(): Promise<void> {
  await api.database.kysely
    .updateTable('seats')
    .set({ expires_at: new Date(0) })
    .execute();
}

describe('POST /api/token', () => {
  test('gives exactly the rights of a caller, for 120 s', async () => {
    const response = await ask('Niccolò Rossi');
    expect(response.statusCode).toBe(200);
    const body = response.json();
    expect(body).toMatchObject({ url: 'ws://127.0.0.1:9', room_name: 'stanza' });
    expect(body.identity).toMatch(/^niccolo-rossi-[0-9a-f]{8}$/);
    expect(Math.abs(Date.parse(body.expires_at) - Date.now() - 120_000)).toBeLessThan(5_000);

    const { apiKey, apiSecret } = testConfiguration.livekit;
    const { nbf, exp, ...claims } = await new TokenVerifier(apiKey, apiSecret).verify(body.token);
    expect(claims).toEqual({
      iss: apiKey,
      sub: body.identity,
      name: 'Niccolò Rossi',
      video: {
        roomJoin: true,
        room: 'stanza',
        canPublish: true,
        canPublishSources: ['microphone', 'camera', 'screen_share', 'screen_share_audio'],
        canSubscribe: true,
        canPublishData: true,
      },
    });
    expect(Number(exp) - Number(nbf)).toBe(120);
  });

  test('of 50 who ask for one name at once exactly one gets it', async () => {
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(index % 2 === 0 ? 'Anna' : 'ANNA ')),
    );
    const statuses = responses.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 49 }, () => 409)]);
    expect(responses.find(({ statusCode }) => statusCode === 409)?.json().detail).toContain('is taken');
    expect(await api.database.kysely.selectFrom('seats').selectAll().execute()).toHaveLength(1);
  });

  test('a full fleet is said, with when to ask again; of two rooms that ask for the last slot one gets it', async () => {
    const id = workerIdSchema.parse('worker-full');
    await heartbeatWorker(api.database, {
      id,
      version: '1',
      slots: 2,
      jobs: ['a:1'],
      state: 'ready',
      metricsUrl: null,
    });
    try {
      const rooms = await Promise.all(['uno', 'due', 'tre'].map((room_name) => ask('Anna', { room_name })));
      const [refused] = rooms.filter(({ statusCode }) => statusCode === 503);
      expect(rooms.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 503, 503]);
      expect(refused?.headers['retry-after']).toBe('10');
      expect(refused?.json()).toEqual({
        detail: 'Every agent is in a call. Try again in 10 seconds.',
        code: 'fleet-full',
      });
      // Who has a claim to a slot may bring others along, and come again.
      const admitted = rooms.find(({ statusCode }) => statusCode === 200)?.json();
      const more = await ask('Bruno', { room_name: admitted.room_name });
      expect(more.statusCode).toBe(200);
      // A room that has a call takes everybody.
      await insertOpenCall(api.database, { id: callIdSchema.parse(randomUUID()), roomName: 'quattro' });
      expect((await ask('Anna', { room_name: 'quattro' })).statusCode).toBe(200);
      // Without any worker a call waits for one: nobody is refused.
      await api.database.kysely.deleteFrom('workers').execute();
      expect((await ask('Anna', { room_name: 'cinque' })).statusCode).toBe(200);
    } finally {
      await api.database.kysely.deleteFrom('workers').execute();
      await api.database.kysely.deleteFrom('calls').execute();
    }
  });

  test('the same name in another room is free', async () => {
    expect((await ask('Anna')).statusCode).toBe(200);
    expect((await ask('Anna', { room_name: 'cucina' })).statusCode).toBe(200);
  });

  test('a reservation that ran out frees the name under a new identity', async () => {
    const first = (await ask('Anna')).json();
    await expireSeats();
    const second = await ask('Anna');
    expect(second.statusCode).toBe(200);
    expect(second.json().identity).not.toBe(first.identity);
  });

  test('a reload with the seat key gets its own seat back, also when it ran out and its ghost is still there', async () => {
    const first = (await ask('Anna')).json();
    const again = (await ask('anna', { seat_key: first.seat_key })).json();
    expect(again).toMatchObject({ identity: first.identity, seat_key: first.seat_key });

    await expireSeats();
    api.livekit.participants.set('stanza', [{ identity: first.identity, name: 'Anna' }]);
    const reload = await ask('Anna', { seat_key: first.seat_key });
    expect(reload.json()).toMatchObject({ identity: first.identity, seat_key: first.seat_key });
  });

  test('a wrong seat key opens nothing', async () => {
    await ask('Anna');
    expect((await ask('Anna', { seat_key: 'guessed' })).statusCode).toBe(409);
  });

  test('somebody in the room holds the name without any reservation', async () => {
    api.livekit.participants.set('stanza', [{ identity: 'sip_+39', name: 'ANNA' }]);
    expect((await ask('Anna')).statusCode).toBe(409);
    expect(await api.database.kysely.selectFrom('seats').selectAll().execute()).toEqual([]);
  });

  test('names of agents are refused', async () => {
    for (const name of ['agent-1', 'AGENT-x-e1']) {
      const response = await ask(name);
      expect(response.statusCode).toBe(422);
      expect(response.json().detail).toContain('participant_name');
    }
  });

  test('LiveKit away: 503 naming it, and no seat is left behind', async () => {
    api.livekit.isDown = true;
    const response = await ask('Anna');
    expect(response.statusCode).toBe(503);
    expect(response.json().detail).toContain('LiveKit');
    expect(await api.database.kysely.selectFrom('seats').selectAll().execute()).toEqual([]);
  });

  test.each([
    ['no name', { participant_name: undefined }],
    ['an empty name', { participant_name: '   ' }],
    ['a name with NUL', { participant_name: 'a\u0000b' }],
    ['a name that is too long', { participant_name: 'x'.repeat(65) }],
    ['a number', { participant_name: 7 }],
    ['no room', { room_name: '' }],
  ])('%s: 422 naming the field', async (_, more) => {
    const response = await ask('Anna', more);
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain(Object.keys(more)[0]);
  });
});

describe('POST /api/livekit/token', () => {
  const askLivekit = (payload: Record<string, unknown>) =>
    api.app.inject({
      method: 'POST',
      url: '/api/livekit/token',
      payload: { room_name: 'stanza', ...payload },
    });

  test('answers as LiveKit clients expect, with the seat of the name', async () => {
    const response = await askLivekit({ participant_name: 'Bo', participant_identity: 'bo' });
    expect(response.statusCode).toBe(201);
    const { server_url, participant_token } = response.json();
    expect(server_url).toBe('ws://127.0.0.1:9');
    const { apiKey, apiSecret } = testConfiguration.livekit;
    const claims = await new TokenVerifier(apiKey, apiSecret).verify(participant_token);
    expect(claims.sub).toMatch(/^bo-[0-9a-f]{8}$/);
    expect(claims.roomConfig).toBeUndefined();
    expect((await ask('bo')).statusCode).toBe(409);
  });

  test('without a name everybody is a guest of their own', async () => {
    const statuses = await Promise.all([askLivekit({}), askLivekit({ room_name: 'altra' })]);
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
  });

  test.each([
    { participant_metadata: '{"admin":true}' },
    { participant_attributes: { role: 'agent' } },
    { room_config: { agents: [{ agent_name: 'other' }] } },
    { room_config: { egress: {} } },
    { participant_identity: 'agent-0b9ffdd4-1d0f-4a3b-8b19-3b2f0a4f6a11-e1' },
  ])('refuses what a client may not decide: %j', async (more) => {
    const response = await askLivekit({ participant_name: 'Eve', ...more });
    expect(response.statusCode).toBe(422);
  });
});
