/** What a call leaves in Postgres and in the API: its chat and its journal, awaited until they are there. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ChatMessage, chatListResponseSchema, chatResponseSchema } from '@sophy/contracts/http-chat';
import type { CallId } from '@sophy/contracts/ids';
import { type JournalEvent, journalEventSchema } from '@sophy/contracts/journal-event';
import { openDatabase } from '@sophy/db/database';
import type { Product } from '@sophy/testkit/product';

const defaultTimeoutMs = 10_000;

/** Messages of the room's newest chat, oldest first; empty while there is no chat. */
async function readMessages(product: Product, roomName: string): Promise<readonly ChatMessage[]> {
  const list = await product.api('GET', '/api/chats?limit=100');
  const { chats } = chatListResponseSchema.parse(list.body);
  const chat = chats.find((candidate) => candidate.room_name === roomName);
  if (chat === undefined) return [];
  const answer = await product.api('GET', `/api/chats/${chat.id}`);
  return chatResponseSchema.parse(answer.body).messages;
}

/** Resolves with the chat of a room as soon as it satisfies; rejects with what it held instead. */
export async function waitForMessages(
  product: Product,
  roomName: string,
  satisfies: (messages: readonly ChatMessage[]) => boolean,
  timeoutMs = defaultTimeoutMs,
): Promise<readonly ChatMessage[]> {
  return poll(() => readMessages(product, roomName), satisfies, timeoutMs, `chat of room ${roomName}`);
}

/** Resolves with the journal of a call as soon as it satisfies; rejects with what it held instead. */
export async function waitForJournal(
  product: Product,
  callId: CallId,
  satisfies: (events: readonly JournalEvent[]) => boolean,
  timeoutMs = defaultTimeoutMs,
): Promise<readonly JournalEvent[]> {
  const database = openDatabase({ url: product.databaseUrl, maxConnections: 1 });
  const read = async (): Promise<readonly JournalEvent[]> => {
    const rows = await database.kysely
      .selectFrom('call_events')
      .select(['type', 'payload'])
      .where('call_id', '=', callId)
      .orderBy('epoch')
      .orderBy('seq')
      .execute();
    return rows.map((row) => journalEventSchema.parse({ ...asObject(row.payload), type: row.type }));
  };
  try {
    return await poll(read, satisfies, timeoutMs, `journal of call ${callId}`);
  } finally {
    await database.close();
  }
}

async function poll<T>(
  read: () => Promise<T>,
  satisfies: (value: T) => boolean,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (satisfies(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`${what} was not as expected after ${timeoutMs} ms: ${JSON.stringify(value, null, 1)}`);
    }
    await delay(100);
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
