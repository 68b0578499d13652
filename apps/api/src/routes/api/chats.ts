/** `/api/chats` and `/api/chats/{id}`. */
import {
  chatCreatedResponseSchema,
  chatCreateRequestSchema,
  chatListQuerySchema,
  chatListResponseSchema,
  chatRenameRequestSchema,
  chatResponseSchema,
} from '@sophy/contracts/http-chat';
import { okResponseSchema } from '@sophy/contracts/http-error';
import { chatIdSchema } from '@sophy/contracts/ids';
import { createChat, deleteChat, listChats, readChat, renameChat } from '@sophy/db/chat-archive';
import { z } from 'zod';
import type { AppDependencies } from '../../app-dependencies.ts';
import { toChatMessage, toChatSummary } from '../../chats/chat-response.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { decodeCursor, encodeCursor } from '../../http/page-cursor.ts';
import { adminRoute } from '../../http/route-policy.ts';

const chatParams = z.object({ id: chatIdSchema });

export function noSuchChat(): HttpProblem {
  return new HttpProblem(404, 'There is no such chat; it may have been deleted.');
}

export function chatRoutes(app: App, { database }: AppDependencies): void {
  app.get(
    '/api/chats',
    {
      config: adminRoute,
      schema: {
        tags: ['chats'],
        summary: 'Chats, latest activity first; search looks in titles and messages',
        querystring: chatListQuerySchema,
        response: answers(chatListResponseSchema),
      },
    },
    async (request) => {
      const { limit, cursor, search } = request.query;
      const page = await listChats(database, {
        limit,
        cursor: cursor === undefined ? undefined : decodeCursor(cursor),
        search: search?.trim(),
      });
      return {
        chats: page.chats.map(toChatSummary),
        next_cursor: page.nextCursor === undefined ? null : encodeCursor(page.nextCursor),
      };
    },
  );

  app.post(
    '/api/chats',
    {
      config: adminRoute,
      schema: {
        tags: ['chats'],
        summary: 'A new chat; with a room, calls in that room write to it from now on',
        body: chatCreateRequestSchema,
        response: answers(chatCreatedResponseSchema),
      },
    },
    async (request) => {
      const { title, room_name: roomName } = request.body;
      const chat = await createChat(database, {
        title: title ?? roomName ?? 'New chat',
        roomName: roomName ?? null,
      });
      return { status: 'ok' as const, id: chat.id, title: chat.title };
    },
  );

  app.get(
    '/api/chats/:id',
    {
      config: adminRoute,
      schema: { tags: ['chats'], params: chatParams, response: answers(chatResponseSchema) },
    },
    async (request) => {
      const found = await readChat(database, request.params.id);
      if (found === undefined) throw noSuchChat();
      return { ...toChatSummary(found.chat), messages: found.messages.map(toChatMessage) };
    },
  );

  app.patch(
    '/api/chats/:id',
    {
      config: adminRoute,
      schema: {
        tags: ['chats'],
        params: chatParams,
        body: chatRenameRequestSchema,
        response: answers(chatCreatedResponseSchema),
      },
    },
    async (request) => {
      const chat = await renameChat(database, request.params.id, request.body.title);
      if (chat === undefined) throw noSuchChat();
      return { status: 'ok' as const, id: chat.id, title: chat.title };
    },
  );

  app.delete(
    '/api/chats/:id',
    {
      config: adminRoute,
      schema: { tags: ['chats'], params: chatParams, response: answers(okResponseSchema) },
    },
    async (request) => {
      if (!(await deleteChat(database, request.params.id))) throw noSuchChat();
      return { status: 'ok' as const };
    },
  );
}
