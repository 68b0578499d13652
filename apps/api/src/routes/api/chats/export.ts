/** `GET /api/chats/{id}/export`: the chat as a file. */
import { chatExportQuerySchema } from '@sophy/contracts/http-chat';
import { errorResponseSchema } from '@sophy/contracts/http-error';
import { chatIdSchema } from '@sophy/contracts/ids';
import { readChat } from '@sophy/db/chat-archive';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { toChatMessage, toChatSummary } from '../../../chats/chat-response.ts';
import { exportChat } from '../../../chats/export-chat.ts';
import type { App } from '../../../http/app-type.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { currentSettings } from '../../../settings/live-settings.ts';
import { noSuchChat } from '../chats.ts';

export function chatExportRoute(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/chats/:id/export',
    {
      config: adminRoute,
      schema: {
        tags: ['chats'],
        summary: 'The chat as plain text, Markdown, JSON or WebVTT captions',
        params: z.object({ id: chatIdSchema }),
        querystring: chatExportQuerySchema,
        response: {
          200: z.any().describe('The file'),
          '4xx': errorResponseSchema,
          '5xx': errorResponseSchema,
        },
      },
    },
    async (request, reply) => {
      const [found, { settings }] = await Promise.all([
        readChat(dependencies.database, request.params.id),
        currentSettings(dependencies),
      ]);
      if (found === undefined) throw noSuchChat();
      const chat = { ...toChatSummary(found.chat), messages: found.messages.map(toChatMessage) };
      const file = exportChat(chat, request.query.format, settings.agent_name);
      return reply
        .type(file.contentType)
        .header('content-disposition', `attachment; filename="${file.fileName}"`)
        .send(Buffer.from(file.body));
    },
  );
}
