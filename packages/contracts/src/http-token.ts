/** `POST /api/token` and LiveKit's own endpoint contract `POST /api/livekit/token`. */
import { z } from 'zod';
import { visibleName } from './text.ts';

export const roomNameSchema = visibleName(128);
export const participantNameSchema = visibleName(64);

export const tokenRequestSchema = z.object({
  room_name: roomNameSchema,
  participant_name: participantNameSchema,
  /** Key of an earlier seat under this name, so that a reload gets its own seat back instead of 409. */
  seat_key: z.string().max(128).optional(),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const tokenResponseSchema = z.object({
  token: z.string(),
  /** Address of LiveKit for the client. */
  url: z.string(),
  identity: z.string(),
  room_name: z.string(),
  /** ISO time at which the token can no longer be used to join. */
  expires_at: z.string(),
  seat_key: z.string(),
});
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** LiveKit's endpoint contract; what a client may not decide is refused, not ignored. */
export const livekitTokenRequestSchema = z.object({
  room_name: roomNameSchema,
  participant_name: participantNameSchema.optional(),
  participant_identity: participantNameSchema.optional(),
  participant_metadata: z.string().max(0).optional(),
  participant_attributes: z.record(z.string(), z.never()).optional(),
  room_config: z
    .object({ agents: z.array(z.unknown()).max(0).optional() })
    .strict()
    .optional(),
});
export const livekitTokenResponseSchema = z.object({ server_url: z.string(), participant_token: z.string() });
