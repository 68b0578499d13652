/** Messages of Cartesia's two WebSockets, as far as this system uses them; docs.cartesia.ai/api-reference lists them. */
import { z } from 'zod';
import { type EngineIdentity, failureOfStatus } from '../http/engine-failure.ts';
import { machineName } from '../http/exchange-with-engine.ts';

const errorSchema = z.object({
  type: z.literal('error'),
  status_code: z.number(),
  error_code: z.string().nullish(),
  /** Of a voice: the request that failed; left out when the connection did. */
  context_id: z.string().nullish(),
});

/** `/stt/websocket`. */
export const hearingMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('transcript'),
    /** Follows the last final piece as it is, spaces included. */
    text: z.string(),
    is_final: z.boolean(),
    language: z.string().nullish(),
  }),
  /** All audio before a `finalize` is transcribed. */
  z.object({ type: z.literal('flush_done') }),
  /** The goodbye to a `close`. */
  z.object({ type: z.literal('done') }),
  errorSchema,
]);
export type HearingMessage = z.infer<typeof hearingMessageSchema>;

/** `/tts/websocket`. */
export const speakingMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chunk'), context_id: z.string(), data: z.base64() }),
  z.object({
    type: z.literal('timestamps'),
    context_id: z.string(),
    word_timestamps: z
      .object({
        words: z.array(z.string()),
        /** Seconds from the start of the context. */
        end: z.array(z.number()),
      })
      .nullish(),
  }),
  z.object({ type: z.literal('done'), context_id: z.string() }),
  errorSchema,
]);
export type SpeakingMessage = z.infer<typeof speakingMessageSchema>;

/** Any message: services add types, and those are no failures. */
export const anyMessageSchema = z.object({ type: z.string() });

const readTypes: ReadonlySet<string> = new Set([
  ...hearingMessageSchema.options.map((option) => option.shape.type.value),
  ...speakingMessageSchema.options.map((option) => option.shape.type.value),
]);

export function isReadType(type: string): boolean {
  return readTypes.has(type);
}

/** The failure that an error message tells. Its text is left out: it may quote the request. */
export function failureOfMessage(identity: EngineIdentity, error: z.infer<typeof errorSchema>) {
  return failureOfStatus(identity, error.status_code, { code: machineName(error.error_code) });
}
