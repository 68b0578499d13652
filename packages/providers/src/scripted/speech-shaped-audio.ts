/** Sound with the rhythm and pitch of a voice, made by formula: the same each time, loud from its first sample. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

const pitchHz = 140;
const syllablesPerSecond = 4;
/** Loudness of each overtone; cosines, so that all of them begin at their peak. */
const overtones = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04];
const peak = 12_000;

/** A voiced hum of `lengthMs` whose loudness swings between half and full with the syllables. */
export function speechShapedAudio(lengthMs: number, sampleRateHz: number): PcmAudio {
  const samples = new Int16Array(Math.round((lengthMs * sampleRateHz) / 1_000));
  for (let index = 0; index < samples.length; index += 1) {
    const phase = (2 * Math.PI * index) / sampleRateHz;
    const loudness = 0.75 + 0.25 * Math.cos(phase * syllablesPerSecond);
    const wave = overtones.reduce((sum, level, n) => sum + level * Math.cos(phase * pitchHz * (n + 1)), 0);
    samples[index] = Math.round(peak * loudness * wave);
  }
  return { samples, sampleRateHz };
}
