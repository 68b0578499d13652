/** The local recognition asked directly, beside the call. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { z } from 'zod';

const transcriptionSchema = z.object({ text: z.string(), language: z.string().optional() });
export type Transcription = z.infer<typeof transcriptionSchema>;

/** `baseUrl` goes up to /v1; no language: it is detected. Throws with the engine's answer when it refuses. */
export async function recognize(
  baseUrl: string,
  audio: PcmAudio,
  language: SpokenLanguage | undefined,
): Promise<Transcription> {
  const form = new FormData();
  if (language !== undefined) form.set('language', language);
  form.set('file', new Blob([new Uint8Array(encodeWav(audio))]), 'speech.wav');
  const response = await fetch(`${baseUrl}/audio/transcriptions`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`recognition answers ${response.status}: ${await response.text()}`);
  return transcriptionSchema.parse(await response.json());
}
