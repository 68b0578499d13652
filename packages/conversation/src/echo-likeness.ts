/**
 * How much a microphone's sound is what the agent played: the share of its energy that one delay and one filter
 * explain. A loudspeaker, a room and a codec filter and delay a voice; they do not make another one of it.
 */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { narrowbandRateHz, toNarrowband } from './narrowband.ts';

/** The longest way from leaving for the room to being heard: two jitter buffers, sound card, room, two codecs. */
export const longestEchoMs = 500;

/** Spectra of 32 ms: longer than the strong part of a room's answer, shorter than a syllable. */
const windowSamples = narrowbandRateHz * 0.032;
/** The microphone is looked at every 16 ms, the played sound every 4 ms: the delay is found to within 2 ms. */
const heardHop = windowSamples / 2;
const playedHop = windowSamples / 8;
/** Lines of the spectrum, 62.5 Hz apart, from 312 to 3,375 Hz: about what a telephone carries. */
const lines = Array.from({ length: 50 }, (_, index) => 5 + index);
/** These lines have whole periods in half a window, and a cosine is even, a sine odd: a window folds to a quarter. */
const period = windowSamples / 2;
const folded = period / 2 + 1;
/** A jitter buffer stretches sound, so the delay holds for a segment only: about 130 ms, in spectra of the microphone. */
const segmentFrames = 8;
/** So far it may be from the delay of the whole, either way, in steps of the played sound: 24 ms. */
const driftSteps = 6;
/** Shorter sound says nothing. */
const shortestMs = 150;
/** Fainter is silence: root mean square of the lifted sound, of 32,768. */
const faintest = 8;
/** What other voices reach by chance over all delays, as chanceMs / length (docs/interruptions.md). */
const chanceMs = 120;

const hann = Float64Array.from(
  { length: windowSamples },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / windowSamples),
);
const waves = lines.map((line) => {
  const turns = (2 * Math.PI * line) / period;
  return {
    cos: Float64Array.from({ length: folded }, (_, index) => Math.cos(turns * index)),
    sin: Float64Array.from({ length: folded }, (_, index) => Math.sin(turns * index)),
  };
});

/**
 * 0 (another sound) to 1 (nothing but the agent).
 *
 * X(t, k) is line k of the short spectrum of what was heard at time t, Y of what was played; both lifted in the highs.
 *
 *   share(lag) = sum over k of |sum over t of X(t, k) Y*(t - lag, k)|² / sum over t of |Y(t - lag, k)|²
 *                divided by the sum over k and t of |X(t, k)|²
 *   Each segment of about 130 ms takes its best share within 24 ms of that lag (its energies summed over segments).
 *   likeness   = (max over lag of share - chance) / (1 - chance), at least 0; chance = 120 ms / length
 *
 * This is the magnitude-squared coherence (Carter, Knapp and Nuttall 1973) weighted with the energy of each line: the
 * part of the heard energy that the best filter of one coefficient a line makes of what was played. The level does
 * not matter, nor does a filter shorter than 32 ms.
 *
 * @param heard the microphone, 150 to 1,200 ms, at a multiple of 8 kHz.
 * @param played what left for the room, ending at the same moment, longer by the delays that are tried: up to
 *   `longestEchoMs`. Silence where nothing was played. At a multiple of 8 kHz.
 * @returns 0 when either is silent or too short.
 */
export function echoLikeness({
  heard,
  played,
}: {
  readonly heard: PcmAudio;
  readonly played: PcmAudio;
}): number {
  const microphone = toNarrowband(heard);
  const lengthMs = (microphone.length / narrowbandRateHz) * 1_000;
  if (lengthMs < shortestMs || isFaint(microphone)) return 0;
  const voice = toNarrowband(played);
  const head = voice.length - microphone.length;
  if (head < 0 || isFaint(voice)) return 0;
  const x = spectra(microphone, 0, heardHop);
  // Both grids end at one moment, so that a lag of 0 compares like with like.
  const y = spectra(voice, head % playedHop, playedHop);
  const energy = x.values.reduce((sum, value) => sum + value * value, 0);
  const best = bestExplained(x, y, Math.floor(head / playedHop) + 1) / energy;
  const chance = chanceMs / lengthMs;
  return Math.min(1, Math.max(0, (best - chance) / (1 - chance)));
}

/** Short spectra one after the other: for each the lines, for each line its real and its imaginary part. */
type Spectra = { readonly count: number; readonly values: Float64Array };

function spectra(samples: Float64Array, start: number, hop: number): Spectra {
  const count = Math.floor((samples.length - start - windowSamples) / hop) + 1;
  const values = new Float64Array(count * lines.length * 2);
  const even = new Float64Array(folded);
  const odd = new Float64Array(folded);
  for (let frame = 0; frame < count; frame += 1) {
    if (!foldWindow(samples, start + frame * hop, even, odd)) continue;
    for (let line = 0; line < lines.length; line += 1) {
      const wave = waves[line];
      if (wave === undefined) continue;
      let real = 0;
      let imaginary = 0;
      for (let index = 0; index < folded; index += 1) {
        real += (even[index] ?? 0) * (wave.cos[index] ?? 0);
        imaginary -= (odd[index] ?? 0) * (wave.sin[index] ?? 0);
      }
      const at = (frame * lines.length + line) * 2;
      values[at] = real;
      values[at + 1] = imaginary;
    }
  }
  return { count, values };
}

/** The window as its even and its odd part over one period. Says whether there is any sound in it. */
function foldWindow(samples: Float64Array, from: number, even: Float64Array, odd: Float64Array): boolean {
  const at = (index: number): number =>
    (samples[from + index] ?? 0) * (hann[index] ?? 0) +
    (samples[from + index + period] ?? 0) * (hann[index + period] ?? 0);
  let isSound = false;
  for (let index = 0; index < folded; index += 1) {
    const early = at(index);
    const late = index === 0 || index === folded - 1 ? 0 : at(period - index);
    even[index] = early + late;
    odd[index] = early - late;
    isSound ||= early !== 0 || late !== 0;
  }
  return isSound;
}

/** Energy of x that y explains at the best delay, from which each segment may be a little off. */
function bestExplained(x: Spectra, y: Spectra, delays: number): number {
  const sums = new Float64Array(delays);
  const segments = Math.max(1, Math.floor(x.count / segmentFrames));
  for (let segment = 0; segment < segments; segment += 1) {
    const from = Math.floor((segment * x.count) / segments);
    const to = Math.floor(((segment + 1) * x.count) / segments);
    const shares = Float64Array.from({ length: delays }, (_, first) => explained(x, y, first, from, to));
    for (let first = 0; first < delays; first += 1) {
      const near = shares.subarray(Math.max(0, first - driftSteps), first + driftSteps + 1);
      sums[first] = (sums[first] ?? 0) + Math.max(...near);
    }
  }
  return Math.max(...sums);
}

/** Energy of the spectra `from` to `to` of x that y explains when the first of x falls on the given one of y. */
function explained(x: Spectra, y: Spectra, first: number, from: number, to: number): number {
  const stride = lines.length * 2;
  const step = (heardHop / playedHop) * stride;
  let sum = 0;
  for (let line = 0; line < stride; line += 2) {
    let real = 0;
    let imaginary = 0;
    let power = 0;
    for (
      let frame = from, at = from * stride + line, other = first * stride + from * step + line;
      frame < to;
      frame += 1
    ) {
      const a = x.values[at] ?? 0;
      const b = x.values[at + 1] ?? 0;
      const c = y.values[other] ?? 0;
      const d = y.values[other + 1] ?? 0;
      real += a * c + b * d;
      imaginary += b * c - a * d;
      power += c * c + d * d;
      at += stride;
      other += step;
    }
    if (power > 0) sum += (real * real + imaginary * imaginary) / power;
  }
  return sum;
}

function isFaint(samples: Float64Array): boolean {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  return Math.sqrt(power) < faintest;
}
