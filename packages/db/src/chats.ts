/** What is written into chats while a call goes on, and what a reply reads back as its context. */
import type { CallId, ChatId } from '@sophy/contracts/ids';
import { chatIdSchema } from '@sophy/contracts/ids';
import { sql, type Transaction } from 'kysely';
import type { Database, MessageRole, Tables } from './database.ts';

export type MessageOfCall = {
  readonly callId: CallId;
  /** Epoch of the agent that writes; a newer one makes this write stale. */
  readonly epoch: number;
  readonly roomName: string;
  /** Unique in the call: the turn or reply that was said. */
  readonly itemId: string;
  readonly role: MessageRole;
  /** What was heard. */
  readonly content: string;
  /** Name of the person; null for the agent. */
  readonly speaker: string | null;
  readonly speakerIdentity: string | null;
  readonly interrupted: boolean;
  /** When it began to be said. */
  readonly createdAt: Date;
};

/**
 * Writes one message of a call into the latest chat of its room; the first message makes the chat.
 * Writing an item again updates it for the same epoch, else leaves it as it is. Stale: a newer agent has the call.
 */
export async function recordMessage(
  database: Database,
  message: MessageOfCall,
): Promise<{ chatId: ChatId } | { stale: true }> {
  return database.kysely.transaction().execute(async (transaction) => {
    if (await hasNewerEpoch(transaction, message)) return { stale: true };
    const chatId =
      (await chatOfItem(transaction, message)) ?? (await lockChatOfRoom(transaction, message.roomName));
    const row = {
      chat_id: chatId,
      call_id: message.callId,
      item_id: message.itemId,
      epoch: message.epoch,
      role: message.role,
      content: storable(message.content),
      speaker: message.speaker === null ? null : storable(message.speaker),
      speaker_identity: message.speakerIdentity,
      interrupted: message.interrupted,
      created_at: message.createdAt,
    };
    const stored = transaction
      .insertInto('messages')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['call_id', 'item_id'])
          .doUpdateSet((eb) => ({
            content: eb.ref('excluded.content'),
            interrupted: eb.ref('excluded.interrupted'),
          }))
          .whereRef('messages.epoch', '=', 'excluded.epoch'),
      )
      // xmax is 0 only on a row that this statement inserted.
      .returning(['chat_id', sql<boolean>`xmax = 0`.as('is_new')]);
    await transaction
      .with('stored', () => stored)
      .updateTable('chats')
      .from('stored')
      .set({ message_count: sql<number>`message_count + 1`, updated_at: sql<Date>`clock_timestamp()` })
      .whereRef('chats.id', '=', 'stored.chat_id')
      .where('stored.is_new', '=', true)
      .execute();
    return { chatId };
  });
}

/** Postgres stores neither NUL nor half a surrogate pair; a model or a recogniser may send both. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** The call's row says; where there is none, the messages that are there. */
async function hasNewerEpoch(
  transaction: Transaction<Tables>,
  message: Pick<MessageOfCall, 'callId' | 'epoch'>,
): Promise<boolean> {
  const call = await transaction
    .selectFrom('calls')
    .select('epoch')
    .where('id', '=', message.callId)
    // A supervisor that raises the epoch waits for this write, and later ones see the new epoch.
    .forShare()
    .executeTakeFirst();
  if (call !== undefined) return call.epoch > message.epoch;
  const newer = await transaction
    .selectFrom('messages')
    .select('id')
    .where('call_id', '=', message.callId)
    .where('epoch', '>', message.epoch)
    .limit(1)
    .executeTakeFirst();
  return newer !== undefined;
}

async function chatOfItem(
  transaction: Transaction<Tables>,
  message: Pick<MessageOfCall, 'callId' | 'itemId'>,
): Promise<ChatId | undefined> {
  const row = await transaction
    .selectFrom('messages')
    .select('chat_id')
    .where('call_id', '=', message.callId)
    .where('item_id', '=', message.itemId)
    .executeTakeFirst();
  return row === undefined ? undefined : chatIdSchema.parse(row.chat_id);
}

/** The room's latest chat, locked so that it is not deleted before the message is in it; made when there is none. */
async function lockChatOfRoom(transaction: Transaction<Tables>, roomName: string): Promise<ChatId> {
  const found = await lockLatestChat(transaction, roomName);
  if (found !== undefined) return found;
  // Two first messages at once would make two chats.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sophy-chat:${roomName}`}, 0))`.execute(
    transaction,
  );
  const madeMeanwhile = await lockLatestChat(transaction, roomName);
  if (madeMeanwhile !== undefined) return madeMeanwhile;
  const made = await transaction
    .insertInto('chats')
    .values({ title: roomName, room_name: roomName })
    .returning('id')
    .executeTakeFirstOrThrow();
  return chatIdSchema.parse(made.id);
}

async function lockLatestChat(
  transaction: Transaction<Tables>,
  roomName: string,
): Promise<ChatId | undefined> {
  const row = await transaction
    .selectFrom('chats')
    .select('id')
    .where('room_name', '=', roomName)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : chatIdSchema.parse(row.id);
}

export type StoredMessage = {
  readonly id: string;
  readonly role: MessageRole;
  readonly content: string;
  readonly speaker: string | null;
  readonly speakerIdentity: string | null;
  readonly interrupted: boolean;
  readonly createdAt: Date;
};

/** The last `limit` messages of a chat, or of a room's latest chat, in the order in which they were said. */
export async function recentMessages(
  database: Database,
  where: ChatId | { readonly roomName: string },
  limit: number,
): Promise<StoredMessage[]> {
  const rows = await database.kysely
    .selectFrom('messages')
    .select(['id', 'role', 'content', 'speaker', 'speaker_identity', 'interrupted', 'created_at'])
    .where('chat_id', '=', (eb) =>
      typeof where === 'string'
        ? eb.selectFrom('chats').select('id').where('id', '=', where)
        : eb
            .selectFrom('chats')
            .select('id')
            .where('room_name', '=', where.roomName)
            .orderBy('updated_at', 'desc')
            .orderBy('id', 'desc')
            .limit(1),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map((row) => ({
    id: row.id,
    role: row.role,
    content: row.content,
    speaker: row.speaker,
    speakerIdentity: row.speaker_identity,
    interrupted: row.interrupted,
    createdAt: row.created_at,
  }));
}
