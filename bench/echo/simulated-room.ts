/** A loudspeaker, a room and a microphone in numbers: what comes back of a voice that is played aloud. */
import { between, type Random } from '../end-of-turn/seeded-random.ts';

/** Everything here works at this rate: what a lane hears. */
export const roomSampleRateHz = 16_000;

export type EchoPath = {
  readonly gainDb: number;
  /** Where the loudspeaker and the codec end. */
  readonly lowPassHz: number;
  /** The time in which the reverberation falls by 60 dB, ms. */
  readonly reverbMs: number;
  /** Energy of the direct sound over that of the reverberation, dB. */
  readonly directDb: number;
  /** From leaving for the room to being heard by the agent, ms. */
  readonly delayMs: number;
  /** A small loudspeaker bends loud waves: 0 is clean, 1 is audible. */
  readonly distortion: number;
};

/** Makes of a voice what the microphone gets of it, as long as the voice is. */
export function simulatedRoom(path: EchoPath, random: Random): (voice: Float64Array) => Float64Array {
  const response = impulses(path, random);
  return (voice) => {
    const driven = voice.map((sample) => bend(sample, path.distortion));
    return convolve(lowPass(lowPass(driven, path.lowPassHz), path.lowPassHz), response);
  };
}

/** Low-passed noise with the given root mean square. */
export function noise(length: number, level: number, random: Random): Float64Array {
  let smooth = 0;
  return Float64Array.from({ length }, () => {
    smooth = 0.6 * smooth + 0.4 * (random() * 2 - 1);
    // The smoothed noise has an RMS of 0.2887 (level 1, uniform: 0.577).
    return (smooth / 0.2887) * level;
  });
}

/** Soft clipping about full scale 32,768. */
function bend(sample: number, distortion: number): number {
  if (distortion === 0) return sample;
  const drive = 2 * distortion;
  return (Math.tanh((sample / 32_768) * drive) / drive) * 32_768;
}

/** Second-order Butterworth low-pass (RBJ audio EQ cookbook, Q = 0.7071). */
function lowPass(input: Float64Array, cornerHz: number): Float64Array {
  const omega = (2 * Math.PI * cornerHz) / roomSampleRateHz;
  const alpha = Math.sin(omega) / Math.SQRT2;
  const cos = Math.cos(omega);
  const scale = 1 / (1 + alpha);
  const b = ((1 - cos) / 2) * scale;
  const a1 = -2 * cos * scale;
  const a2 = (1 - alpha) * scale;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return input.map((x) => {
    const y = b * (x + 2 * x1 + x2) - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

type Impulse = { readonly at: number; readonly gain: number };

/** The direct sound, then a tail of scattered reflections that dies away (velvet noise, 2,000 a second). */
function impulses(path: EchoPath, random: Random): readonly Impulse[] {
  const direct: Impulse = { at: samplesOf(path.delayMs), gain: 1 };
  const gap = roomSampleRateHz / 2_000;
  const tail: Impulse[] = [];
  for (let from = samplesOf(2); from < samplesOf(path.reverbMs); from += gap) {
    const offset = Math.floor(from + random() * gap);
    const decay = 10 ** ((-3 * offset) / samplesOf(path.reverbMs));
    tail.push({ at: direct.at + offset, gain: (random() < 0.5 ? -1 : 1) * decay * between(random, 0.5, 1) });
  }
  const tailEnergy = tail.reduce((sum, { gain }) => sum + gain * gain, 0);
  const tailGain = tailEnergy === 0 ? 0 : 10 ** (-path.directDb / 20) / Math.sqrt(tailEnergy);
  const gain = 10 ** (path.gainDb / 20);
  return [
    { ...direct, gain },
    ...tail.map((reflection) => ({ at: reflection.at, gain: reflection.gain * tailGain * gain })),
  ];
}

function convolve(input: Float64Array, response: readonly Impulse[]): Float64Array {
  const output = new Float64Array(input.length);
  for (const { at, gain } of response) {
    for (let index = at; index < output.length; index += 1) {
      output[index] = (output[index] ?? 0) + gain * (input[index - at] ?? 0);
    }
  }
  return output;
}

function samplesOf(lengthMs: number): number {
  return Math.round((lengthMs / 1_000) * roomSampleRateHz);
}
