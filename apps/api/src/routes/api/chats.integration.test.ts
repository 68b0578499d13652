import { randomUUID } from 'node:crypto';
import { type ChatListResponse, type ChatSummary, chatListResponseSchema } from '@sophy/contracts/http-chat';
import { callIdSchema } from '@sophy/contracts/ids';
import { recordMessage } from '@sophy/db/chats';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.kysely.deleteFrom('chats').execute();
});

const get = (url: string) => api.app.inject({ method: 'GET', url });
const post = (url: string, payload: object) => api.app.inject({ method: 'POST', url, payload });

async function makeChat(title: string): Promise<string> {
  return (await post('/api/chats', { title })).json().id;
}

async function readAllPages(query: string): Promise<ChatSummary[]> {
  const chats: ChatSummary[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const response = await get(`/api/chats?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const page: ChatListResponse = chatListResponseSchema.parse(response.json());
    chats.push(...page.chats);
    cursor = page.next_cursor;
  }
  return chats;
}

describe('/api/chats', () => {
  test('made, added to, read, renamed, deleted', async () => {
    const made = await post('/api/chats', { title: 'Ricette', room_name: 'cucina' });
    expect(made.json()).toMatchObject({ status: 'ok', title: 'Ricette' });
    const { id } = made.json();
    const message = await post(`/api/chats/${id}/messages`, {
      role: 'user',
      content: 'Ciao',
      speaker: 'Anna',
    });
    expect(message.json()).toMatchObject({ status: 'ok' });
    await post(`/api/chats/${id}/messages`, { role: 'assistant', content: 'Ciao Anna' });

    const chat = (await get(`/api/chats/${id}`)).json();
    expect(chat).toMatchObject({ id, title: 'Ricette', room_name: 'cucina', message_count: 2 });
    expect(chat.messages).toMatchObject([
      { id: message.json().id, role: 'user', content: 'Ciao', speaker: 'Anna', interrupted: false },
      { role: 'assistant', content: 'Ciao Anna', speaker: null },
    ]);

    const renamed = await api.app.inject({
      method: 'PATCH',
      url: `/api/chats/${id}`,
      payload: { title: 'Dolci' },
    });
    expect(renamed.json()).toEqual({ status: 'ok', id, title: 'Dolci' });
    expect((await api.app.inject({ method: 'DELETE', url: `/api/chats/${id}` })).json()).toEqual({
      status: 'ok',
    });
    expect((await get(`/api/chats/${id}`)).statusCode).toBe(404);
    expect(await api.database.kysely.selectFrom('messages').selectAll().execute()).toEqual([]);
  });

  test('pages hold every chat once, latest activity first, also when many have one time', async () => {
    for (let index = 0; index < 7; index += 1) await makeChat(`chat ${index}`);
    await api.database.kysely
      .updateTable('chats')
      .set({ updated_at: new Date('2026-01-01T00:00:00Z') })
      .where('title', 'in', ['chat 1', 'chat 2', 'chat 3', 'chat 4'])
      .execute();
    const chats = await readAllPages('limit=2');
    expect(new Set(chats.map(({ id }) => id)).size).toBe(7);
    expect(chats.slice(0, 3).map(({ title }) => title)).toEqual(['chat 6', 'chat 5', 'chat 0']);
    expect((await readAllPages('limit=100')).map(({ id }) => id)).toEqual(chats.map(({ id }) => id));
  });

  test('a message makes its chat the first of the list', async () => {
    const first = await makeChat('first');
    await makeChat('second');
    await post(`/api/chats/${first}/messages`, { role: 'user', content: 'di nuovo qui' });
    expect((await readAllPages('limit=10')).map(({ title }) => title)).toEqual(['first', 'second']);
  });

  test('search finds words in titles and messages, with % and _ meaning themselves', async () => {
    const discount = await makeChat('Sconto del 50% oggi');
    const other = await makeChat('Altro');
    await post(`/api/chats/${other}/messages`, { role: 'user', content: 'Quanto costa il PARMIGIANO?' });
    const find = async (text: string) =>
      (await get(`/api/chats?search=${encodeURIComponent(text)}`))
        .json()
        .chats.map((chat: ChatSummary) => chat.id);
    expect(await find('parmigiano')).toEqual([other]);
    expect(await find('50%')).toEqual([discount]);
    expect(await find('5_%')).toEqual([]);
    expect(await find("'; DROP TABLE chats; --")).toEqual([]);
    expect(await find('')).toHaveLength(2);
  });

  test('the list takes one query and a chat two, however long they are', async () => {
    const id = await makeChat('long');
    for (let index = 0; index < 20; index += 1) {
      await post(`/api/chats/${id}/messages`, { role: 'user', content: `riga ${index}` });
    }
    const connect = vi.spyOn(api.database.pool, 'connect');
    await get('/api/chats?limit=100');
    expect(connect).toHaveBeenCalledTimes(1);
    await get(`/api/chats/${id}`);
    expect(connect).toHaveBeenCalledTimes(3);
    connect.mockRestore();
  });

  test('no list reads a whole table', async () => {
    await api.database.pool.query(
      `INSERT INTO chats (title, updated_at) SELECT 'chat ' || n, now() - n * interval '1 s' FROM generate_series(1, 5000) n`,
    );
    await api.database.pool.query('ANALYZE chats');
    const plan = await api.database.pool.query(
      `EXPLAIN SELECT id FROM chats WHERE (updated_at, id) < (now(), gen_random_uuid()) ORDER BY updated_at DESC, id DESC LIMIT 31`,
    );
    expect(JSON.stringify(plan.rows)).not.toContain('Seq Scan');
  });

  test.each([
    ['GET', '/api/chats/not-a-uuid', undefined, 422],
    ['GET', `/api/chats/${randomUUID()}`, undefined, 404],
    ['PATCH', `/api/chats/${randomUUID()}`, { title: 'x' }, 404],
    ['DELETE', `/api/chats/${randomUUID()}`, undefined, 404],
    ['POST', `/api/chats/${randomUUID()}/messages`, { role: 'user', content: 'x' }, 404],
    ['GET', `/api/chats/${randomUUID()}/export`, undefined, 404],
    ['POST', '/api/chats', { title: '' }, 422],
    ['POST', '/api/chats', { title: 'x'.repeat(201) }, 422],
    ['GET', '/api/chats?limit=0', undefined, 422],
    ['GET', '/api/chats?limit=many', undefined, 422],
    ['GET', '/api/chats?cursor=nonsense', undefined, 422],
    [
      'GET',
      `/api/chats?cursor=${Buffer.from(`99999999999999999 ${randomUUID()}`).toString('base64url')}`,
      undefined,
      422,
    ],
    ['GET', '/api/chats?search=%00', undefined, 422],
  ] as const)('%s %s %j: %i', async (method, url, payload, status) => {
    const response = await api.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    expect(response.statusCode).toBe(status);
    expect(response.json().detail).toEqual(expect.any(String));
  });

  test('the farthest cursor that parses is an answer, not an error', async () => {
    const cursor = Buffer.from(`9999999999999999 ${randomUUID()}`).toString('base64url');
    expect((await get(`/api/chats?cursor=${cursor}`)).statusCode).toBe(200);
  });

  test('a message of an unknown role or none at all is refused and counts nothing', async () => {
    const id = await makeChat('still');
    for (const payload of [
      { role: 'robot', content: 'x' },
      { role: 'user', content: '' },
      { role: 'user' },
    ]) {
      expect((await post(`/api/chats/${id}/messages`, payload)).statusCode).toBe(422);
    }
    expect((await get(`/api/chats/${id}`)).json().message_count).toBe(0);
  });
});

describe('chats of calls', () => {
  const line = (roomName: string) => ({
    callId: callIdSchema.parse(randomUUID()),
    epoch: 1,
    roomName,
    itemId: 'turn-1',
    role: 'user' as const,
    content: 'Buongiorno',
    speaker: 'Anna',
    speakerIdentity: 'anna-1',
    interrupted: false,
    createdAt: new Date(),
  });

  test('the first turn makes the chat of the room, later calls go on in it', async () => {
    await recordMessage(api.database, line('studio'));
    await recordMessage(api.database, line('studio'));
    const chats = (await get('/api/chats')).json().chats;
    expect(chats).toMatchObject([{ title: 'studio', room_name: 'studio', message_count: 2 }]);
  });

  test('a new chat asked for in a room takes what is said from then on', async () => {
    await recordMessage(api.database, line('studio'));
    const { id } = (await post('/api/chats', { room_name: 'studio', title: 'Da capo' })).json();
    await recordMessage(api.database, { ...line('studio'), content: 'Ricominciamo' });
    expect((await get(`/api/chats/${id}`)).json().messages).toMatchObject([{ content: 'Ricominciamo' }]);
  });
});

describe('export', () => {
  test.each([
    ['txt', 'text/plain'],
    ['md', 'text/markdown'],
    ['json', 'application/json'],
    ['vtt', 'text/vtt'],
  ])('%s is a file with what was said', async (format, type) => {
    const id = await makeChat('Verbale');
    await post(`/api/chats/${id}/messages`, { role: 'user', content: 'Approvato', speaker: 'Anna' });
    const response = await get(`/api/chats/${id}/export?format=${format}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain(type);
    expect(response.headers['content-disposition']).toBe(`attachment; filename="chat-${id}.${format}"`);
    expect(response.body).toContain('Approvato');
  });

  test('an unknown format is 422', async () => {
    const response = await get(`/api/chats/${await makeChat('x')}/export?format=docx`);
    expect(response.statusCode).toBe(422);
  });
});
