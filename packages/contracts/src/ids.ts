/**
 * Branded ids: a string of one kind cannot be passed where another is meant.
 * Each schema parses at the edge; inside, the branded type is trusted.
 */
import { z } from 'zod';

/** One conversation in one room, from the first human's arrival until the room empties. UUID. */
export const callIdSchema = z.uuid().brand<'CallId'>();
export type CallId = z.infer<typeof callIdSchema>;

/** A stored chat; calls in the same room append to the room's latest. UUID. */
export const chatIdSchema = z.uuid().brand<'ChatId'>();
export type ChatId = z.infer<typeof chatIdSchema>;

/** LiveKit participant identity of a human, unique in a room. */
export const speakerIdSchema = z.string().min(1).max(256).brand<'SpeakerId'>();
export type SpeakerId = z.infer<typeof speakerIdSchema>;

/** One committed turn of one speaker, unique in a call. */
export const turnIdSchema = z.string().min(1).max(128).brand<'TurnId'>();
export type TurnId = z.infer<typeof turnIdSchema>;

/** One reply of the agent, unique in a call; results that carry an old one are dropped. */
export const replyIdSchema = z.string().min(1).max(128).brand<'ReplyId'>();
export type ReplyId = z.infer<typeof replyIdSchema>;

/** One stretch of a speaker's audio that is transcribed as a whole, unique in a lane. */
export const utteranceIdSchema = z.string().min(1).max(128).brand<'UtteranceId'>();
export type UtteranceId = z.infer<typeof utteranceIdSchema>;

/** Worker process id in the fleet, e.g. `worker-<host>-<pid>`. */
export const workerIdSchema = z.string().min(1).max(128).brand<'WorkerId'>();
export type WorkerId = z.infer<typeof workerIdSchema>;
