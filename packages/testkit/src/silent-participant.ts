/** Somebody in a LiveKit room who neither speaks nor listens: a person, or the place of an agent. */
import { Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

export type SilentParticipantOptions = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly roomName: string;
  readonly identity: string;
  /** As LiveKit tells people from agents. */
  readonly kind: 'standard' | 'agent';
};

export type SilentParticipant = {
  /** Leaves the room; safe to call twice, or after having been put out of it. */
  leave(): Promise<void>;
};

export async function joinSilently(options: SilentParticipantOptions): Promise<SilentParticipant> {
  const token = new AccessToken(options.apiKey, options.apiSecret, { identity: options.identity, ttl: 120 });
  token.kind = options.kind;
  token.addGrant({ roomJoin: true, room: options.roomName, agent: options.kind === 'agent' });
  const room = new Room();
  await room.connect(options.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
  return { leave: () => room.disconnect() };
}
