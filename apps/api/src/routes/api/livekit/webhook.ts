/** `POST /api/livekit/webhook`: signed news from LiveKit. A hint to look at a room, never the truth about it. */
import { okResponseSchema } from '@sophy/contracts/http-error';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { HttpProblem } from '../../../http/http-problem.ts';
import { publicRoute } from '../../../http/route-policy.ts';

export async function livekitWebhookRoute(app: App, dependencies: AppDependencies): Promise<void> {
  const { livekit, logger, onRoomHint } = dependencies;
  await app.register(async (plugin) => {
    const scope = plugin.withTypeProvider<ZodTypeProvider>();
    // The signature is over the bytes as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: unknown) => body);
    scope.post(
      '/api/livekit/webhook',
      {
        config: { ...publicRoute, rateLimit: false },
        schema: { tags: ['livekit'], response: answers(okResponseSchema) },
      },
      async (request) => {
        const body = typeof request.body === 'string' ? request.body : '';
        let roomName: string | undefined;
        try {
          roomName = await livekit.roomOfWebhook(body, request.headers.authorization);
        } catch (error) {
          logger.warn({ error, address: request.ip }, 'webhook refused');
          throw new HttpProblem(401, 'This message is not signed by our LiveKit.');
        }
        if (roomName !== undefined && roomName !== '') onRoomHint(roomName);
        return { status: 'ok' as const };
      },
    );
  });
}
