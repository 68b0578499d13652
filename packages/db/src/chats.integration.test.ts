import { randomUUID } from 'node:crypto';
import { type CallId, callIdSchema, chatIdSchema } from '@sophy/contracts/ids';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertOpenCall } from './calls.ts';
import { deleteChat } from './chat-archive.ts';
import { type MessageOfCall, recentMessages, recordMessage } from './chats.ts';
import { type Database, openDatabase } from './database.ts';

let testDatabase: TestDatabase;
let database: Database;
let callId: CallId;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.kysely.deleteFrom('chats').execute();
  await database.kysely.deleteFrom('calls').execute();
  callId = callIdSchema.parse(randomUUID());
});

function message(more: Partial<MessageOfCall> = {}): MessageOfCall {
  return {
    callId,
    epoch: 1,
    roomName: 'stanza',
    itemId: 'turn-1',
    role: 'user',
    content: 'Ciao',
    speaker: 'Anna',
    speakerIdentity: 'anna-1',
    interrupted: false,
    createdAt: new Date('2026-01-01T10:00:00Z'),
    ...more,
  };
}

const contents = async () =>
  (await recentMessages(database, { roomName: 'stanza' }, 100)).map(({ content }) => content);

describe('recording a call', () => {
  test('many first messages at once make one chat, and its counter counts them all', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => recordMessage(database, message({ itemId: `turn-${index}` }))),
    );
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    const chats = await database.kysely.selectFrom('chats').selectAll().execute();
    expect(chats).toMatchObject([{ title: 'stanza', room_name: 'stanza', message_count: 30 }]);
  });

  test('an item written again is updated, not doubled', async () => {
    await recordMessage(database, message({ role: 'assistant', content: 'Sono le tre e' }));
    await recordMessage(database, message({ role: 'assistant', content: 'Sono le', interrupted: true }));
    expect(await recentMessages(database, { roomName: 'stanza' }, 10)).toMatchObject([
      { content: 'Sono le', interrupted: true },
    ]);
    const chat = await database.kysely.selectFrom('chats').selectAll().executeTakeFirstOrThrow();
    expect(chat.message_count).toBe(1);
  });

  test('a later agent that repeats an item leaves what was heard as it is', async () => {
    await recordMessage(database, message({ content: 'heard' }));
    const outcome = await recordMessage(database, message({ content: 'recovered', epoch: 2 }));
    expect(outcome).toHaveProperty('chatId');
    expect(await contents()).toEqual(['heard']);
  });

  test('an agent that has been replaced writes nothing more: by its call, and by what its successor wrote', async () => {
    await insertOpenCall(database, { id: callId, roomName: 'stanza' });
    await database.kysely
      .updateTable('calls')
      .set({ epoch: 2, latest_epoch: 2 })
      .where('id', '=', callId)
      .execute();
    expect(await recordMessage(database, message({ epoch: 1 }))).toEqual({ stale: true });
    expect(await recordMessage(database, message({ epoch: 2 }))).toHaveProperty('chatId');

    callId = callIdSchema.parse(randomUUID());
    await recordMessage(database, message({ epoch: 2, content: 'new' }));
    expect(await recordMessage(database, message({ epoch: 1, itemId: 'turn-0' }))).toEqual({ stale: true });
    expect(await contents()).toEqual(['Ciao', 'new']);
  });

  test('the order is that of speaking, not of writing', async () => {
    await recordMessage(database, message({ itemId: 'b', content: 'second', createdAt: new Date(2_000) }));
    await recordMessage(database, message({ itemId: 'a', content: 'first', createdAt: new Date(1_000) }));
    expect(await contents()).toEqual(['first', 'second']);
    expect(await recentMessages(database, { roomName: 'stanza' }, 1)).toMatchObject([{ content: 'second' }]);
  });

  test('NUL and half a surrogate pair, which Postgres does not store, do not cost the turn', async () => {
    await recordMessage(database, message({ content: 'a\u0000b\ud800c' }));
    expect(await contents()).toEqual(['ab\ufffdc']);
  });

  test('a chat deleted during the call is followed by a new one', async () => {
    const first = await recordMessage(database, message());
    if (!('chatId' in first)) throw new Error('The first message was refused.');
    await deleteChat(database, first.chatId);
    const next = await recordMessage(database, message({ itemId: 'turn-2', content: 'still here' }));
    expect(next).not.toEqual(first);
    expect(await contents()).toEqual(['still here']);
  });

  test('context can be read by chat, and is empty where there is none', async () => {
    const stored = await recordMessage(database, message());
    if (!('chatId' in stored)) throw new Error('The message was refused.');
    expect(await recentMessages(database, stored.chatId, 5)).toHaveLength(1);
    expect(await recentMessages(database, chatIdSchema.parse(randomUUID()), 5)).toEqual([]);
    expect(await recentMessages(database, { roomName: 'other' }, 5)).toEqual([]);
    expect(await recentMessages(database, { roomName: 'stanza' }, 0)).toEqual([]);
  });
});
