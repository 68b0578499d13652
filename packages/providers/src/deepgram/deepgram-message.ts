/** Messages of Deepgram's `/v1/listen` WebSocket, as far as this system uses them. */
import { z } from 'zod';

/** The reference is at developers.deepgram.com/reference/speech-to-text/listen-streaming. */
export const deepgramResultsSchema = z.object({
  type: z.literal('Results'),
  /** Where the transcribed audio begins and how long it is, seconds of the stream. */
  start: z.number(),
  duration: z.number(),
  /** This piece will not change any more. */
  is_final: z.boolean().optional(),
  /** The speaker has paused. */
  speech_final: z.boolean().optional(),
  /** The answer to a `Finalize`. */
  from_finalize: z.boolean().optional(),
  channel: z.object({
    alternatives: z.array(
      z.object({
        transcript: z.string(),
        /** With `language=multi`, the most used first. */
        languages: z.array(z.string()).optional(),
        words: z.array(z.object({ language: z.string().optional() })).optional(),
      }),
    ),
  }),
});
export type DeepgramResults = z.infer<typeof deepgramResultsSchema>;

/** Any message: `Metadata`, `SpeechStarted` and `UtteranceEnd` tell nothing that is needed here. */
export const deepgramMessageSchema = z.object({ type: z.string() });
