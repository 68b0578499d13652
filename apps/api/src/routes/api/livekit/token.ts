/** `POST /api/livekit/token`: the same admission in the shape that LiveKit's own clients ask for. */
import { randomInt } from 'node:crypto';
import { errorResponseSchema } from '@sophy/contracts/http-error';
import { livekitTokenRequestSchema, livekitTokenResponseSchema } from '@sophy/contracts/http-token';
import type { AppDependencies } from '../../../app-dependencies.ts';
import type { App } from '../../../http/app-type.ts';
import { pageAddress } from '../../../http/page-address.ts';
import { publicRoute } from '../../../http/route-policy.ts';
import { livekitUrlFor } from '../../../livekit/livekit-address.ts';
import { admitParticipant } from '../../../tokens/admit-participant.ts';

export function livekitTokenRoute(app: App, dependencies: AppDependencies): void {
  app.post(
    '/api/livekit/token',
    {
      config: { ...publicRoute, rateLimit: { max: 240, timeWindow: '1 minute' } },
      schema: {
        tags: ['token'],
        summary: "LiveKit's token endpoint contract; the server makes the identity from the one asked for",
        body: livekitTokenRequestSchema,
        response: {
          201: livekitTokenResponseSchema,
          '4xx': errorResponseSchema,
          '5xx': errorResponseSchema,
        },
      },
    },
    async (request, reply) => {
      const { room_name: roomName, participant_name, participant_identity: identityHint } = request.body;
      const name = participant_name ?? identityHint ?? `Guest ${randomInt(1_000, 10_000)}`;
      const { token } = await admitParticipant(dependencies, { roomName, name, identityHint });
      const serverUrl = livekitUrlFor(
        dependencies.configuration.livekit,
        pageAddress(request, dependencies.configuration.publicUrl),
      );
      return reply.code(201).send({ server_url: serverUrl, participant_token: token });
    },
  );
}
