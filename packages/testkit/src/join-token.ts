/** A person's token, for rooms that no API guards. */
import { AccessToken } from 'livekit-server-sdk';

/** Valid for 120 s; identity is the name unless given. */
export async function makeToken(options: {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly roomName: string;
  readonly name: string;
  readonly identity?: string;
}): Promise<string> {
  const token = new AccessToken(options.apiKey, options.apiSecret, {
    identity: options.identity ?? options.name,
    name: options.name,
    ttl: 120,
  });
  token.addGrant({
    roomJoin: true,
    room: options.roomName,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
  });
  return token.toJwt();
}
