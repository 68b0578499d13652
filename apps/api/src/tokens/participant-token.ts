/** The token that lets one person into one room: short, and with exactly what a caller needs. */
import { AccessToken, TrackSource } from 'livekit-server-sdk';

/** Time in which the token can be used to join; LiveKit renews it by itself after that. */
export const tokenLifetimeSeconds = 120;

export type ParticipantTokenOptions = {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly roomName: string;
  readonly identity: string;
  readonly name: string;
};

/** Never carries room creation, administration, or the right to change one's own metadata. */
export async function createParticipantToken(options: ParticipantTokenOptions): Promise<string> {
  const token = new AccessToken(options.apiKey, options.apiSecret, {
    ttl: tokenLifetimeSeconds,
    identity: options.identity,
    name: options.name,
  });
  token.addGrant({
    roomJoin: true,
    room: options.roomName,
    canPublish: true,
    canPublishSources: [
      TrackSource.MICROPHONE,
      TrackSource.CAMERA,
      TrackSource.SCREEN_SHARE,
      TrackSource.SCREEN_SHARE_AUDIO,
    ],
    canSubscribe: true,
    canPublishData: true,
  });
  return token.toJwt();
}
