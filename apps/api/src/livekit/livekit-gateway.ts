/** What the API asks of LiveKit, with a limit on time and one kind of refusal when it does not answer. */
import { RoomServiceClient, ServerError, SipClient, WebhookReceiver } from 'livekit-server-sdk';
import { HttpProblem } from '../http/http-problem.ts';
import { livekitHttpUrl } from './livekit-address.ts';
import { livekitAway } from './livekit-away.ts';

const timeoutSeconds = 2;

export type RoomParticipant = { readonly identity: string; readonly name: string };

export type LivekitGateway = {
  /** Who is in the room now; nobody where there is no such room. Throws 503 naming LiveKit. */
  listParticipants(roomName: string): Promise<readonly RoomParticipant[]>;
  /** Resolves where LiveKit answers with our key. Throws 503 naming LiveKit. */
  ping(): Promise<void>;
  /** Number of inbound telephone trunks; throws what LiveKit says where it has no SIP. */
  countSipTrunks(): Promise<number>;
  /** Room that a signed webhook tells of, undefined where it tells of none. Throws where it is not signed by LiveKit. */
  roomOfWebhook(body: string, authorization: string | undefined): Promise<string | undefined>;
};

export type LivekitCredentials = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
};

export function createLivekitGateway(credentials: LivekitCredentials): LivekitGateway {
  const { apiKey, apiSecret } = credentials;
  const httpUrl = livekitHttpUrl(credentials.url);
  const options = { requestTimeout: timeoutSeconds, failover: false };
  const rooms = new RoomServiceClient(httpUrl, apiKey, apiSecret, options);
  const sip = new SipClient(httpUrl, apiKey, apiSecret, options);
  const webhooks = new WebhookReceiver(apiKey, apiSecret);
  return {
    async listParticipants(roomName) {
      try {
        const participants = await rooms.listParticipants(roomName);
        return participants.map(({ identity, name }) => ({ identity, name }));
      } catch (error) {
        if (error instanceof ServerError && error.code === 'not_found') return [];
        throw unavailable(error);
      }
    },
    async ping() {
      try {
        await rooms.listRooms(['']);
      } catch (error) {
        throw unavailable(error);
      }
    },
    async countSipTrunks() {
      try {
        const trunks = await sip.listSipInboundTrunk();
        return trunks.length;
      } catch (error) {
        if (error instanceof ServerError)
          throw new Error(`LiveKit has no telephone service: ${error.message}`);
        throw unavailable(error);
      }
    },
    async roomOfWebhook(body, authorization) {
      const event = await webhooks.receive(body, authorization);
      return event.room?.name;
    },
  };
}

function unavailable(cause: unknown): HttpProblem {
  const isRefused = cause instanceof ServerError && (cause.status === 401 || cause.status === 403);
  if (!isRefused) return livekitAway(cause);
  return new HttpProblem(503, 'LiveKit refuses our key. Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET.', {
    cause,
  });
}
