/** Speech at 8 kHz: all that telling voices apart by their sound needs, at a half or a third of the cost. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

export const narrowbandRateHz = 8_000;
/** Corner of the low-pass before samples are left out, so that nothing above 4 kHz folds back into the voice. */
const cornerHz = 3_500;
/** Half the length of the low-pass in periods of 8 kHz. */
const reach = 8;
/** Lifts high sounds, which are softer in speech, to about the level of low ones (pre-emphasis, +6 dB per octave). */
const preEmphasis = 0.9;

/** The audio at 8 kHz with its high sounds lifted. Throws when its rate is no multiple of 8 kHz. */
export function toNarrowband({ samples, sampleRateHz }: PcmAudio): Float64Array {
  const step = sampleRateHz / narrowbandRateHz;
  if (!Number.isInteger(step))
    throw new Error(`audio must be at a multiple of ${narrowbandRateHz} Hz, not at ${sampleRateHz} Hz`);
  const taps = step === 1 ? [1] : lowPass(step);
  const half = (taps.length - 1) / 2;
  const narrow = new Float64Array(Math.floor(samples.length / step));
  let before = 0;
  for (let index = 0; index < narrow.length; index += 1) {
    const first = index * step - half;
    const last = Math.min(taps.length, samples.length - first);
    let sum = 0;
    for (let tap = Math.max(0, -first); tap < last; tap += 1)
      sum += (taps[tap] ?? 0) * (samples[first + tap] ?? 0);
    narrow[index] = sum - preEmphasis * before;
    before = sum;
  }
  return narrow;
}

/** Windowed sinc (Hamming) with gain 1 at 0 Hz. */
function lowPass(step: number): readonly number[] {
  const half = reach * step;
  const corner = (2 * cornerHz) / (narrowbandRateHz * step);
  const taps = Array.from({ length: 2 * half + 1 }, (_, index) => {
    const at = index - half;
    const sinc = at === 0 ? corner : Math.sin(Math.PI * corner * at) / (Math.PI * at);
    return sinc * (0.54 + 0.46 * Math.cos((Math.PI * at) / (half + 1)));
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}
