/** Sample rate conversion that gives the same samples in every run; the native one adds a dither of its own. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** Zero crossings of the sinc on each side. */
const lobes = 12;

/** Windowed sinc (Hann), with the pass band of the lower of the two rates. */
export function resampleClip(audio: PcmAudio, sampleRateHz: number): PcmAudio {
  const step = audio.sampleRateHz / sampleRateHz;
  const cutoff = Math.min(1, 1 / step);
  const reach = lobes / cutoff;
  const samples = new Int16Array(Math.floor(audio.samples.length / step));
  for (let index = 0; index < samples.length; index += 1) {
    const centre = index * step;
    let sum = 0;
    const last = Math.min(audio.samples.length - 1, Math.floor(centre + reach));
    for (let at = Math.max(0, Math.ceil(centre - reach)); at <= last; at += 1) {
      sum += (audio.samples[at] ?? 0) * kernel(at - centre, cutoff, reach);
    }
    samples[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return { samples, sampleRateHz };
}

function kernel(distance: number, cutoff: number, reach: number): number {
  const angle = Math.PI * distance * cutoff;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
}
