/** Writes what was said in a call into its chat: each item once, refused to an agent that has been replaced. */
import { type CallId, type ChatId, chatIdSchema } from '@sophy/contracts/ids';
import { sql, type Transaction } from 'kysely';
import type { Database, MessageRole, Tables } from './database.ts';

/** Something that was said. */
export type SaidMessage = {
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

export type CallOfMessages = {
  readonly callId: CallId;
  /** Epoch of the agent that writes; a newer one makes this write stale. */
  readonly epoch: number;
  readonly roomName: string;
};

export type MessageOfCall = CallOfMessages & SaidMessage;

/**
 * Writes messages of a call, no two with the same item id, into the latest chat of its room; the first message makes
 * the chat. Writing an item again updates it for the same epoch, else leaves it as it is. Stale: a newer agent has the
 * call, and nothing was written.
 */
export async function recordMessages(
  database: Database,
  said: CallOfMessages & { readonly messages: readonly SaidMessage[] },
): Promise<{ chatId: ChatId } | { stale: true }> {
  return database.kysely.transaction().execute(async (transaction) => {
    if (await hasNewerEpoch(transaction, said)) return { stale: true };
    return { chatId: await storeMessages(transaction, said) };
  });
}

/** The same without asking who has the call. `messages` is not empty. Returns the chat of the first. */
export async function storeMessages(
  transaction: Transaction<Tables>,
  { callId, epoch, roomName, messages }: CallOfMessages & { readonly messages: readonly SaidMessage[] },
): Promise<ChatId> {
  const roomChat = await lockChatOfRoom(transaction, roomName);
  const stored = await transaction
    .insertInto('messages')
    .values(
      messages.map((message) => ({
        chat_id: roomChat,
        call_id: callId,
        item_id: message.itemId,
        epoch,
        role: message.role,
        content: storable(message.content),
        speaker: message.speaker === null ? null : storable(message.speaker),
        speaker_identity: message.speakerIdentity,
        interrupted: message.interrupted,
        created_at: message.createdAt,
      })),
    )
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
    .returning(['chat_id', sql<boolean>`xmax = 0`.as('is_new')])
    .execute();
  const added = stored.filter((row) => row.is_new).length;
  if (added > 0)
    await transaction
      .updateTable('chats')
      .set({ message_count: sql<number>`message_count + ${added}`, updated_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', roomChat)
      .execute();
  const [first] = stored;
  return first === undefined ? roomChat : chatIdSchema.parse(first.chat_id);
}

/** Postgres stores neither NUL nor half a surrogate pair; a model or a recogniser may send both. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** The call's row says; where there is none, the messages that are there. */
async function hasNewerEpoch(
  transaction: Transaction<Tables>,
  message: Pick<CallOfMessages, 'callId' | 'epoch'>,
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
