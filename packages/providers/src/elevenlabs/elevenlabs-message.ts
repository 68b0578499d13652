/** Messages of ElevenLabs' multi-context WebSocket (elevenlabs.io/docs/api-reference/multi-context-text-to-speech). */
import { z } from 'zod';

const alignmentSchema = z.object({
  chars: z.array(z.string()),
  charStartTimesMs: z.array(z.number()),
  charDurationsMs: z.array(z.number()).optional(),
  /** The same under the name that the service really sends at times. */
  charsDurationsMs: z.array(z.number()).optional(),
});
export type Alignment = z.infer<typeof alignmentSchema>;

export const serverMessageSchema = z.union([
  z.object({ error: z.string(), message: z.string().nullish(), code: z.number().nullish() }),
  z.object({
    contextId: z.string().nullish(),
    /** PCM in base64. */
    audio: z.string().nullish(),
    /** Times of the characters of what was sent, in ms; those of a chunk begin at 0 with some models. */
    alignment: alignmentSchema.nullish(),
    isFinal: z.boolean().nullish(),
  }),
]);

/** What begins, fills and ends one context. */
export function contextMessages(options: {
  readonly contextId: string;
  readonly text: string;
  readonly speed: number;
}): readonly object[] {
  const { contextId: context_id, text, speed } = options;
  return [
    // A single blank opens a context; settings are taken only with it.
    { text: ' ', context_id, ...(speed === 1 ? {} : { voice_settings: { speed } }) },
    { text: `${text} `, context_id, flush: true },
    { context_id, close_context: true },
  ];
}
