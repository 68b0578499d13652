/** Speech at a higher rate, for recognizers that ask for one. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/**
 * Mono samples at `sampleRateHz` by linear interpolation. What it adds lies above the speech that the audio had;
 * recognizers do not hear there. Throws a RangeError when the rate is lower than that of the audio.
 */
export function upsample({ samples, sampleRateHz: from }: PcmAudio, sampleRateHz: number): Int16Array {
  if (sampleRateHz < from) throw new RangeError(`cannot take ${from} Hz down to ${sampleRateHz} Hz`);
  if (sampleRateHz === from) return samples;
  const result = new Int16Array(Math.floor((samples.length * sampleRateHz) / from));
  for (let index = 0; index < result.length; index += 1) {
    const position = (index * from) / sampleRateHz;
    const before = Math.floor(position);
    const left = samples[before] ?? 0;
    const right = samples[before + 1] ?? left;
    result[index] = Math.round(left + (right - left) * (position - before));
  }
  return result;
}
