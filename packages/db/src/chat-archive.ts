/** Stored chats as people keep them: list, open, make, rename, delete, add to. */
import { type ChatId, chatIdSchema } from '@sophy/contracts/ids';
import { sql } from 'kysely';
import type { Database, MessageRole } from './database.ts';
import type { PageCursor } from './page-cursor.ts';

export type StoredChat = {
  readonly id: ChatId;
  readonly title: string;
  readonly roomName: string | null;
  readonly createdAt: Date;
  /** Last activity. */
  readonly updatedAt: Date;
  readonly messageCount: number;
};

export type ArchivedMessage = {
  readonly id: string;
  readonly role: MessageRole;
  readonly content: string;
  readonly speaker: string | null;
  readonly interrupted: boolean;
  readonly createdAt: Date;
};

const chatColumns = ['id', 'title', 'room_name', 'created_at', 'updated_at', 'message_count'] as const;

type ChatRow = {
  id: string;
  title: string;
  room_name: string | null;
  created_at: Date;
  updated_at: Date;
  message_count: number;
};

function toStoredChat(row: ChatRow): StoredChat {
  return {
    id: chatIdSchema.parse(row.id),
    title: row.title,
    roomName: row.room_name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    messageCount: row.message_count,
  };
}

/** A page of chats, latest activity first, in one query. `search` looks in titles and messages, in any case. */
export async function listChats(
  database: Database,
  page: {
    readonly limit: number;
    readonly cursor: PageCursor | undefined;
    readonly search: string | undefined;
  },
): Promise<{ chats: StoredChat[]; nextCursor: PageCursor | undefined }> {
  let query = database.kysely
    .selectFrom('chats')
    .select(chatColumns)
    .select(sql<string>`(extract(epoch from updated_at) * 1000000)::bigint`.as('updated_at_micros'))
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const { micros, id } = page.cursor;
    const updatedAt = sql`timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond'`;
    query = query.where(sql<boolean>`(updated_at, id) < (${updatedAt}, ${id}::uuid)`);
  }
  if (page.search !== undefined && page.search !== '') {
    const pattern = `%${page.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('chats as titled')
        .select('titled.id')
        .where('titled.title', 'ilike', pattern)
        .union(
          eb
            .selectFrom('messages')
            .select('messages.chat_id as id')
            .where('messages.content', 'ilike', pattern),
        ),
    );
  }
  const rows = await query.execute();
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return {
    chats: shown.map(toStoredChat),
    nextCursor: hasMore ? { micros: last.updated_at_micros, id: last.id } : undefined,
  };
}

export async function createChat(
  database: Database,
  chat: { readonly title: string; readonly roomName: string | null },
): Promise<StoredChat> {
  const row = await database.kysely
    .insertInto('chats')
    .values({ title: chat.title, room_name: chat.roomName })
    .returning(chatColumns)
    .executeTakeFirstOrThrow();
  return toStoredChat(row);
}

/** The chat and its messages in the order in which they were said, in two queries; undefined where there is none. */
export async function readChat(
  database: Database,
  id: ChatId,
): Promise<{ chat: StoredChat; messages: ArchivedMessage[] } | undefined> {
  const row = await database.kysely
    .selectFrom('chats')
    .select(chatColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const messages = await database.kysely
    .selectFrom('messages')
    .select(['id', 'role', 'content', 'speaker', 'interrupted', 'created_at'])
    .where('chat_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return {
    chat: toStoredChat(row),
    messages: messages.map(({ created_at, ...message }) => ({ ...message, createdAt: created_at })),
  };
}

/** Undefined where there is no such chat. Its place in the list stays, which is by activity. */
export async function renameChat(
  database: Database,
  id: ChatId,
  title: string,
): Promise<StoredChat | undefined> {
  const row = await database.kysely
    .updateTable('chats')
    .set({ title })
    .where('id', '=', id)
    .returning(chatColumns)
    .executeTakeFirst();
  return row === undefined ? undefined : toStoredChat(row);
}

/** Deletes the chat with its messages; false where there is none. */
export async function deleteChat(database: Database, id: ChatId): Promise<boolean> {
  const result = await database.kysely.deleteFrom('chats').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Adds a message outside of a call, counter and all in one statement; undefined where there is no such chat. */
export async function addMessage(
  database: Database,
  chatId: ChatId,
  message: { readonly role: MessageRole; readonly content: string; readonly speaker: string | null },
): Promise<{ id: string } | undefined> {
  return database.kysely
    .with('touched', (db) =>
      db
        .updateTable('chats')
        .set((eb) => ({
          message_count: eb('message_count', '+', 1),
          updated_at: sql<Date>`clock_timestamp()`,
        }))
        .where('id', '=', chatId)
        .returning('id'),
    )
    .insertInto('messages')
    .columns(['chat_id', 'role', 'content', 'speaker'])
    .expression((eb) =>
      eb
        .selectFrom('touched')
        .select((row) => [
          'touched.id',
          row.val(message.role).as('role'),
          row.val(message.content).as('content'),
          sql<string | null>`${message.speaker}::text`.as('speaker'),
        ]),
    )
    .returning('id')
    .executeTakeFirst();
}
