/** The rate of raw samples as the headers of an answer tell it. */
import { AudioFormatError } from './speech-decoder.ts';

/**
 * Rate of `audio/pcm;rate=16000`, otherwise `defaultHz`.
 * @throws AudioFormatError for what is certainly not mono PCM or WAV.
 */
export function rawSampleRateHz(contentType: string, defaultHz: number): number {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (/mpeg|mp3|ogg|opus|aac|flac|webm|json|html|text\//.test(type)) throw new AudioFormatError(type.trim());
  const values = new Map(
    parameters.map((parameter) => {
      const [name = '', value = ''] = parameter.split('=');
      return [name.trim(), Number(value.trim().replaceAll('"', ''))] as const;
    }),
  );
  const channels = values.get('channels') ?? 1;
  if (channels !== 1) throw new AudioFormatError(`PCM with ${channels} channels`);
  const rate = values.get('rate') ?? defaultHz;
  if (!Number.isInteger(rate) || rate < 8_000 || rate > 192_000)
    throw new AudioFormatError(`PCM at ${rate} Hz`);
  return rate;
}
