/** Asks for a seat in a room, and remembers it in this tab so that a reload gets the same seat back. */
import type { TokenRequest, TokenResponse } from '@sophy/contracts/http-token';
import { requestJson } from '../api/request.ts';

/** What a person asked for on the first page. */
export type CallIntent = {
  readonly roomName: string;
  readonly participantName: string;
  /** Null: without a microphone. An empty id: the browser's default microphone. */
  readonly microphone: { readonly deviceId: string } | null;
};

export type Admission = { readonly intent: CallIntent; readonly token: TokenResponse };

const callKey = 'sophy.call';
let latest: Admission | null = null;

const seatKeyName = (intent: CallIntent) => `sophy.seat\n${intent.roomName}\n${intent.participantName}`;

/** Reserves the seat. Throws `ApiError` (409: the name is taken). */
export async function requestAdmission(intent: CallIntent, signal?: AbortSignal): Promise<Admission> {
  const seatKey = sessionStorage.getItem(seatKeyName(intent));
  const body: TokenRequest = {
    room_name: intent.roomName,
    participant_name: intent.participantName,
    ...(seatKey === null ? {} : { seat_key: seatKey }),
  };
  const token = await requestJson(
    async () => (await import('@sophy/contracts/http-token')).tokenResponseSchema,
    '/api/token',
    {
      method: 'POST',
      body,
      ...(signal ? { signal } : {}),
    },
  );
  sessionStorage.setItem(seatKeyName(intent), token.seat_key);
  sessionStorage.setItem(callKey, JSON.stringify(intent));
  latest = { intent, token };
  return latest;
}

/** The admission that the first page just got for this room, while its token can still be used. */
export function freshAdmission(roomName: string, nowMs: number): Admission | null {
  if (latest?.intent.roomName !== roomName) return null;
  return Date.parse(latest.token.expires_at) > nowMs ? latest : null;
}

/** What this tab was doing in the room before it was reloaded. */
export function rememberedIntent(roomName: string): CallIntent | null {
  const stored = sessionStorage.getItem(callKey);
  if (stored === null) return null;
  const value: unknown = JSON.parse(stored);
  return isCallIntent(value) && value.roomName === roomName ? value : null;
}

/** The person left: a reload must not bring them back. The seat key stays, so that the name stays theirs. */
export function forgetCall(): void {
  latest = null;
  sessionStorage.removeItem(callKey);
}

function isCallIntent(value: unknown): value is CallIntent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'roomName' in value &&
    typeof value.roomName === 'string' &&
    'participantName' in value &&
    typeof value.participantName === 'string' &&
    'microphone' in value
  );
}
