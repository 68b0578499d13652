/** Messages of OpenAI's Realtime transcription protocol, as far as this system uses them. */
import { z } from 'zod';

/** Server events; the reference lists them all at developers.openai.com/api/reference/resources/realtime. */
export const realtimeEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_audio_buffer.speech_started') }),
  z.object({ type: z.literal('input_audio_buffer.speech_stopped') }),
  z.object({ type: z.literal('input_audio_buffer.committed'), item_id: z.string() }),
  z.object({
    type: z.literal('conversation.item.input_audio_transcription.delta'),
    item_id: z.string(),
    delta: z.string(),
  }),
  z.object({
    type: z.literal('conversation.item.input_audio_transcription.completed'),
    item_id: z.string(),
    transcript: z.string(),
  }),
  z.object({ type: z.literal('conversation.item.input_audio_transcription.failed'), item_id: z.string() }),
  z.object({
    type: z.literal('error'),
    error: z.object({ type: z.string().nullish(), code: z.string().nullish() }),
  }),
]);
export type RealtimeEvent = z.infer<typeof realtimeEventSchema>;

/** Any message with a type: a server may send events that are none of ours. */
export const anyRealtimeEventSchema = z.object({ type: z.string() });

const ourTypes: ReadonlySet<string> = new Set(
  realtimeEventSchema.options.map((option) => option.shape.type.value),
);

export function isOurRealtimeEvent(type: string): boolean {
  return ourTypes.has(type);
}

/** First message of the client: transcription of 24 kHz PCM, turns ended by the server's voice detection. */
export function sessionUpdate(options: {
  readonly model: string;
  readonly language: string | undefined;
  readonly endSilenceMs: number;
}) {
  const { model, language, endSilenceMs } = options;
  return {
    type: 'session.update',
    session: {
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: language === undefined ? { model } : { model, language },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: endSilenceMs,
          },
        },
      },
    },
  };
}
