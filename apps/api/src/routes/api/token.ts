/** `POST /api/token`: a name in a room, and the token to join with it. */
import { tokenRequestSchema, tokenResponseSchema } from '@sophy/contracts/http-token';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { pageAddress } from '../../http/page-address.ts';
import { publicRoute } from '../../http/route-policy.ts';
import { livekitUrlFor } from '../../livekit/livekit-address.ts';
import { admitParticipant } from '../../tokens/admit-participant.ts';

export function tokenRoute(app: App, dependencies: AppDependencies): void {
  app.post(
    '/api/token',
    {
      // Room for a class of fifty that joins at once from behind one address.
      config: { ...publicRoute, rateLimit: { max: 240, timeWindow: '1 minute' } },
      schema: {
        tags: ['token'],
        summary: 'Reserve a name in a room for 120 s and get the token that joins with it',
        body: tokenRequestSchema,
        response: answers(tokenResponseSchema),
      },
    },
    async (request) => {
      const { room_name: roomName, participant_name: name, seat_key: seatKey } = request.body;
      const admission = await admitParticipant(dependencies, { roomName, name, seatKey });
      return {
        token: admission.token,
        url: livekitUrlFor(
          dependencies.configuration.livekit,
          pageAddress(request, dependencies.configuration.publicUrl),
        ),
        identity: admission.identity,
        room_name: roomName,
        expires_at: admission.expiresAt.toISOString(),
        seat_key: admission.seatKey,
      };
    },
  );
}
