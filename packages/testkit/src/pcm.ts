/** Pure operations on mono PCM: building clips of known content and finding where sound is in them. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** Level that separates sound from silence in every measurement, dB below full scale (RMS of 10 ms). */
export const voicedThresholdDbfs = -50;

/** Root mean square of samples in dB below full scale; -Infinity for digital silence or nothing. */
export function rmsDbfs(samples: Int16Array): number {
  if (samples.length === 0) return -Infinity;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 20 * Math.log10(Math.sqrt(sum / samples.length) / 32_768);
}

/** Digital silence of a length in ms. */
export function silence(lengthMs: number, sampleRateHz: number): PcmAudio {
  return { samples: new Int16Array(Math.round((lengthMs / 1_000) * sampleRateHz)), sampleRateHz };
}

/** A sine tone with 5 ms ramps, so that its first and last samples are known and it makes no click. */
export function tone(options: {
  frequencyHz: number;
  lengthMs: number;
  sampleRateHz: number;
  /** Peak, 0 to 1. */
  amplitude?: number;
}): PcmAudio {
  const { samples, sampleRateHz } = silence(options.lengthMs, options.sampleRateHz);
  const rampSamples = Math.max(1, Math.round(sampleRateHz * 0.005));
  const peak = 32_767 * (options.amplitude ?? 0.3);
  for (let index = 0; index < samples.length; index += 1) {
    const ramp = Math.min(1, (index + 1) / rampSamples, (samples.length - index) / rampSamples);
    samples[index] = Math.round(
      peak * ramp * Math.sin((2 * Math.PI * options.frequencyHz * index) / sampleRateHz),
    );
  }
  return { samples, sampleRateHz };
}

/** Clips one after the other. Throws when their sample rates differ. */
export function concatenate(...clips: readonly PcmAudio[]): PcmAudio {
  const sampleRateHz = commonRate(clips);
  const samples = new Int16Array(clips.reduce((total, clip) => total + clip.samples.length, 0));
  let offset = 0;
  for (const clip of clips) {
    samples.set(clip.samples, offset);
    offset += clip.samples.length;
  }
  return { samples, sampleRateHz };
}

/** Clips at the same time, clipped at full scale, as long as the longest. Throws when their sample rates differ. */
export function mix(...clips: readonly PcmAudio[]): PcmAudio {
  const sampleRateHz = commonRate(clips);
  const samples = new Int16Array(Math.max(0, ...clips.map((clip) => clip.samples.length)));
  for (const clip of clips) {
    clip.samples.forEach((sample, index) => {
      samples[index] = Math.max(-32_768, Math.min(32_767, (samples[index] ?? 0) + sample));
    });
  }
  return { samples, sampleRateHz };
}

/** First and one-past-last sample of the 10 ms frames above the threshold; undefined when there is no sound. */
export function voicedSpan(
  audio: PcmAudio,
  thresholdDbfs: number = voicedThresholdDbfs,
): { readonly startSample: number; readonly endSample: number } | undefined {
  const frame = Math.round(audio.sampleRateHz / 100);
  let startSample: number | undefined;
  let endSample = 0;
  for (let offset = 0; offset < audio.samples.length; offset += frame) {
    const end = Math.min(offset + frame, audio.samples.length);
    if (rmsDbfs(audio.samples.subarray(offset, end)) < thresholdDbfs) continue;
    startSample ??= offset;
    endSample = end;
  }
  return startSample === undefined ? undefined : { startSample, endSample };
}

/** The clip without silence before and after its sound; empty when it has no sound. */
export function trim(audio: PcmAudio, thresholdDbfs: number = voicedThresholdDbfs): PcmAudio {
  const span = voicedSpan(audio, thresholdDbfs);
  return {
    samples: audio.samples.slice(span?.startSample ?? 0, span?.endSample ?? 0),
    sampleRateHz: audio.sampleRateHz,
  };
}

/** The clip scaled so that its loudest sample is at `peak` of full scale (0 to 1). Silence stays silence. */
export function normalize(audio: PcmAudio, peak = 0.7): PcmAudio {
  const loudest = audio.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (loudest === 0) return audio;
  const gain = (peak * 32_767) / loudest;
  return {
    samples: audio.samples.map((sample) => Math.round(sample * gain)),
    sampleRateHz: audio.sampleRateHz,
  };
}

function commonRate(clips: readonly PcmAudio[]): number {
  const rates = new Set(clips.map((clip) => clip.sampleRateHz));
  const [rate] = rates;
  if (rate === undefined || rates.size > 1) {
    throw new Error(`clips must share one sample rate, got ${[...rates].join(', ') || 'no clip'}`);
  }
  return rate;
}
