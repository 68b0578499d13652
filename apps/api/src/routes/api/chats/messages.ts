/** `POST /api/chats/{id}/messages`: a message typed into a stored chat, outside of a call. */
import { messageCreatedResponseSchema, messageCreateRequestSchema } from '@sophy/contracts/http-chat';
import { chatIdSchema } from '@sophy/contracts/ids';
import { addMessage } from '@sophy/db/chat-archive';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { noSuchChat } from '../chats.ts';

export function chatMessageRoute(app: App, { database }: AppDependencies): void {
  app.post(
    '/api/chats/:id/messages',
    {
      config: adminRoute,
      schema: {
        tags: ['chats'],
        params: z.object({ id: chatIdSchema }),
        body: messageCreateRequestSchema,
        response: answers(messageCreatedResponseSchema),
      },
    },
    async (request) => {
      const { role, content, speaker } = request.body;
      const message = await addMessage(database, request.params.id, {
        role,
        content,
        speaker: speaker ?? null,
      });
      if (message === undefined) throw noSuchChat();
      return { status: 'ok' as const, id: message.id };
    },
  );
}
