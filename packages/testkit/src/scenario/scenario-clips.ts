/** The sounds of a scenario as audio: synthetic voices at the pace that the timeline asks for. */
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SpeechMaker } from '../speech.ts';
import type { Happening, Scenario } from './scenario.ts';
import { createSeededRandom } from './seeded-random.ts';

export type SpokenSound = Extract<Happening, { readonly type: 'sound' }>;

/** A clip that is this much longer or shorter than asked for is spoken again at another pace. */
const paceTolerance = 0.1;
/** What the local voice can be asked for. */
const paces = { slowest: 0.6, fastest: 1.8 } as const;
const noiseSampleRateHz = 24_000;

/** The clip of every sound but echoes, which are made of what the agent says. */
export async function scenarioClips(
  { timeline, language }: Scenario,
  speech: SpeechMaker,
): Promise<ReadonlyMap<SpokenSound, PcmAudio>> {
  const clips = new Map<SpokenSound, PcmAudio>();
  for (const sound of timeline) {
    if (sound.type !== 'sound' || sound.kind === 'echo') continue;
    const lengthMs = sound.untilMs - sound.atMs;
    clips.set(sound, sound.kind === 'noise' ? noise(lengthMs) : await spoken(sound.words, lengthMs));
  }
  return clips;

  async function spoken(words: string, lengthMs: number): Promise<PcmAudio> {
    const natural = await speech.synthesize(words, { language });
    const pace = durationMs(natural) / lengthMs;
    if (Math.abs(pace - 1) <= paceTolerance) return natural;
    const speed = Math.round(Math.min(paces.fastest, Math.max(paces.slowest, pace)) * 20) / 20;
    return speech.synthesize(words, { language, speed });
  }
}

/** A cough or a door: a burst that dies away. The same each time. */
function noise(lengthMs: number): PcmAudio {
  const random = createSeededRandom(lengthMs);
  const samples = new Int16Array(Math.round((lengthMs / 1_000) * noiseSampleRateHz));
  for (let index = 0; index < samples.length; index += 1) {
    const left = 1 - index / samples.length;
    samples[index] = Math.round(9_000 * left * (2 * random() - 1));
  }
  return { samples, sampleRateHz: noiseSampleRateHz };
}
