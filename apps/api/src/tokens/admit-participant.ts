/** Admits a person to a room under a name: checks who is there, reserves the seat, makes the token. */
import { randomBytes } from 'node:crypto';
import { findOwnIdentity, reserveSeat, seatNameKey } from '@sophy/db/seats';
import type { AppDependencies } from '../app-dependencies.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { createParticipantToken, tokenLifetimeSeconds } from './participant-token.ts';
import { isAgentName, speakerIdentity } from './speaker-identity.ts';

export type AdmissionRequest = {
  readonly roomName: string;
  readonly name: string;
  /** What the readable part of the identity is made of; the name when not given. */
  readonly identityHint?: string | undefined;
  readonly seatKey?: string | undefined;
};

export type Admission = {
  readonly token: string;
  readonly identity: string;
  readonly seatKey: string;
  readonly expiresAt: Date;
};

/** Calls last minutes, so sooner makes no sense, and there are some of them, so nobody has to wait for the end of one. */
const retryAfterSeconds = 10;

/** Throws 409 where the name is taken, 422 where it is an agent's, 503 where every agent is busy, or LiveKit or the database is missing. */
export async function admitParticipant(
  dependencies: Pick<AppDependencies, 'database' | 'livekit' | 'configuration' | 'metrics' | 'now'>,
  request: AdmissionRequest,
): Promise<Admission> {
  const { database, livekit, configuration, metrics, now } = dependencies;
  const { roomName, name, seatKey } = request;
  if ([name, request.identityHint ?? name].some(isAgentName)) {
    throw new HttpProblem(422, 'participant_name: names that begin with "agent-" belong to agents.');
  }
  const [present, ownIdentity] = await Promise.all([
    livekit.listParticipants(roomName),
    seatKey === undefined ? undefined : findOwnIdentity(database, { roomName, name, seatKey }),
  ]);
  const nameKey = seatNameKey(name);
  const isHeld = present.some(
    (participant) =>
      seatNameKey(participant.name || participant.identity) === nameKey &&
      participant.identity !== ownIdentity,
  );
  const seat = isHeld
    ? 'taken'
    : await reserveSeat(database, {
        roomName,
        name,
        identity: speakerIdentity(request.identityHint ?? name, randomBytes(4).toString('hex')),
        seatKey: randomBytes(24).toString('base64url'),
        renewWith: seatKey,
        lifetimeMs: tokenLifetimeSeconds * 1_000,
      });
  if (seat === 'fleet-full') {
    metrics.tokens.inc({ outcome: 'fleet-full' });
    throw new HttpProblem(503, `Every agent is in a call. Try again in ${retryAfterSeconds} seconds.`, {
      code: 'fleet-full',
      retryAfterSeconds,
    });
  }
  if (seat === 'taken') {
    metrics.tokens.inc({ outcome: 'name-taken' });
    throw new HttpProblem(409, `The name "${name}" is taken in this room. Choose another one.`);
  }
  const expiresAt = new Date(now() + tokenLifetimeSeconds * 1_000);
  const { apiKey, apiSecret } = configuration.livekit;
  const token = await createParticipantToken({ apiKey, apiSecret, roomName, identity: seat.identity, name });
  metrics.tokens.inc({ outcome: 'ok' });
  return { token, identity: seat.identity, seatKey: seat.seatKey, expiresAt };
}
