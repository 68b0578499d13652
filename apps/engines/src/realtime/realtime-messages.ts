/** Messages of OpenAI's Realtime transcription protocol, as far as the local engines speak it. */
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';

const turnDetectionSchema = z.object({
  type: z.enum(['server_vad', 'semantic_vad']),
  prefix_padding_ms: z.number().min(0).max(2_000).optional(),
  silence_duration_ms: z.number().min(100).max(10_000).optional(),
});

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.update'),
    session: z.object({
      audio: z
        .object({
          input: z.object({
            format: z
              .object({ type: z.literal('audio/pcm'), rate: z.number().min(8_000).max(48_000) })
              .optional(),
            transcription: z
              .object({ model: z.string().max(200).optional(), language: z.string().max(20).nullish() })
              .nullish(),
            /** Null: the client says when an utterance is over. */
            turn_detection: turnDetectionSchema.nullish(),
          }),
        })
        .optional(),
    }),
  }),
  z.object({ type: z.literal('input_audio_buffer.append'), audio: z.string() }),
  z.object({ type: z.literal('input_audio_buffer.commit') }),
  z.object({ type: z.literal('input_audio_buffer.clear') }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Throws `EngineError` invalid_request that says what is wrong. */
export function parseClientMessage(text: string): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EngineError('invalid_request', 'The message is no JSON.', { cause });
  }
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EngineError('invalid_request', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

export type ServerMessage =
  | { readonly type: 'session.created' | 'session.updated'; readonly session: object }
  | {
      readonly type: 'input_audio_buffer.speech_started';
      readonly item_id: string;
      readonly audio_start_ms: number;
    }
  | {
      readonly type: 'input_audio_buffer.speech_stopped';
      readonly item_id: string;
      readonly audio_end_ms: number;
    }
  | { readonly type: 'input_audio_buffer.committed'; readonly item_id: string }
  | { readonly type: 'input_audio_buffer.cleared' }
  | {
      readonly type: 'conversation.item.input_audio_transcription.delta';
      readonly item_id: string;
      readonly content_index: 0;
      readonly delta: string;
    }
  | {
      readonly type: 'conversation.item.input_audio_transcription.completed';
      readonly item_id: string;
      readonly content_index: 0;
      readonly transcript: string;
      /** Not in OpenAI's protocol. */
      readonly language?: string;
    }
  | {
      readonly type: 'conversation.item.input_audio_transcription.failed';
      readonly item_id: string;
      readonly content_index: 0;
      readonly error: { readonly type: string; readonly code: string; readonly message: string };
    }
  | {
      readonly type: 'error';
      readonly error: { readonly type: string; readonly code: string; readonly message: string };
    };
