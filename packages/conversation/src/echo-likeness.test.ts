/** The agent's voice, back through a loudspeaker, is told from every other sound. */
import { describe, expect, it } from 'vitest';
import { echoLikeness } from './echo-likeness.ts';

const sampleRateHz = 16_000;

/** Something like speech: gliding tones with their harmonics, in syllables of changing length; another for each seed. */
function voice(seed: number, lengthMs: number): Float64Array {
  const samples = new Float64Array((lengthMs / 1_000) * sampleRateHz);
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let from = 0; from < samples.length; ) {
    const length = Math.round((0.08 + 0.15 * random()) * sampleRateHz);
    const [pitchHz, glide, formant] = [100 + 120 * random(), 60 * (random() - 0.5), 400 + 1_800 * random()];
    let turns = random();
    for (let index = 0; index < length && from + index < samples.length; index += 1) {
      turns += (pitchHz + (glide * index) / length) / sampleRateHz;
      let sum = 0.1 * (random() - 0.5);
      for (let harmonic = 1; harmonic <= 20; harmonic += 1)
        sum += Math.sin(2 * Math.PI * turns * harmonic) / (1 + Math.abs(harmonic * pitchHz - formant) / 200);
      samples[from + index] = 4_000 * sum * Math.sin((Math.PI * index) / length);
    }
    from += length;
  }
  return samples;
}

/** A dull loudspeaker, soft, so much later. */
function loudspeaker(sound: Float64Array, delayMs: number, gain: number): Float64Array {
  const delay = (delayMs / 1_000) * sampleRateHz;
  let smooth = 0;
  return sound.map((_, index) => {
    smooth = 0.5 * smooth + 0.5 * (sound[index - delay] ?? 0);
    return smooth * gain;
  });
}

function pcm(samples: Float64Array, rateHz = sampleRateHz) {
  return { samples: Int16Array.from(samples, Math.round), sampleRateHz: rateHz };
}

/** A second of the agent's voice, and what the microphone gets in its last part. */
const agent = voice(1, 1_500);
const heardFrom = (lengthMs: number, sound: Float64Array) =>
  pcm(sound.subarray(sound.length - (lengthMs / 1_000) * sampleRateHz));
const playedWith = (lengthMs: number) => heardFrom(lengthMs + 500, agent);

describe('likeness to what the agent played', () => {
  it.each([20, 137, 255, 400, 480])('finds the voice %i ms later, softer and duller', (delayMs) => {
    const heard = heardFrom(320, loudspeaker(agent, delayMs, 0.05));
    expect(echoLikeness({ heard, played: playedWith(320) })).toBeGreaterThan(0.85);
  });

  it('takes another voice for nobody but itself', () => {
    for (const seed of [2, 3, 4, 5, 6])
      expect(
        echoLikeness({ heard: heardFrom(320, voice(seed, 1_500)), played: playedWith(320) }),
      ).toBeLessThan(0.2);
  });

  it('hears the person who is louder than the echo', () => {
    const echo = loudspeaker(agent, 200, 0.1);
    const both = voice(7, 1_500).map((sample, index) => sample * 0.3 + (echo[index] ?? 0));
    expect(echoLikeness({ heard: heardFrom(320, both), played: playedWith(320) })).toBeLessThan(0.3);
  });

  it('takes any multiple of 8 kHz on either side', () => {
    const heard = heardFrom(320, loudspeaker(agent, 200, 0.1));
    const halved = Int16Array.from({ length: agent.length / 2 }, (_, index) => agent[2 * index] ?? 0);
    const played = { samples: halved.subarray(halved.length - 6_560), sampleRateHz: 8_000 };
    expect(echoLikeness({ heard, played })).toBeGreaterThan(0.7);
    expect(() => echoLikeness({ heard: { ...heard, sampleRateHz: 44_100 }, played })).toThrow(/8000/);
  });

  it('says nothing where there is nothing to compare', () => {
    const heard = heardFrom(320, loudspeaker(agent, 200, 0.1));
    const silence = (lengthMs: number) => pcm(new Float64Array((lengthMs / 1_000) * sampleRateHz));
    expect(echoLikeness({ heard, played: silence(820) })).toBe(0);
    expect(echoLikeness({ heard: silence(320), played: playedWith(320) })).toBe(0);
    expect(echoLikeness({ heard: silence(320), played: silence(820) })).toBe(0);
    expect(echoLikeness({ heard: heardFrom(100, agent), played: playedWith(100) })).toBe(0);
    expect(echoLikeness({ heard: pcm(new Float64Array(0)), played: pcm(new Float64Array(0)) })).toBe(0);
    expect(echoLikeness({ heard, played: pcm(agent.subarray(0, 100)) })).toBe(0);
  });
});
