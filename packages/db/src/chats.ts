/** What is written into chats while a call goes on, and what a reply reads back as its context. */
import type { ChatId } from '@sophy/contracts/ids';
import type { Database, MessageRole } from './database.ts';
import { type MessageOfCall, recordMessages } from './record-messages.ts';

export type { MessageOfCall } from './record-messages.ts';

/**
 * Writes one message of a call into the latest chat of its room; the first message makes the chat.
 * Writing an item again updates it for the same epoch, else leaves it as it is. Stale: a newer agent has the call.
 */
export async function recordMessage(
  database: Database,
  { callId, epoch, roomName, ...message }: MessageOfCall,
): Promise<{ chatId: ChatId } | { stale: true }> {
  return recordMessages(database, { callId, epoch, roomName, messages: [message] });
}

export type StoredMessage = {
  readonly id: string;
  /** The turn or reply that it was; null where it was typed into the stored chat. */
  readonly itemId: string | null;
  readonly callId: string | null;
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
    .select([
      'id',
      'item_id',
      'call_id',
      'role',
      'content',
      'speaker',
      'speaker_identity',
      'interrupted',
      'created_at',
    ])
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
    itemId: row.item_id,
    callId: row.call_id,
    role: row.role,
    content: row.content,
    speaker: row.speaker,
    speakerIdentity: row.speaker_identity,
    interrupted: row.interrupted,
    createdAt: row.created_at,
  }));
}
