/** Little-endian 16 bit audio of any rate, cut into frames of 20 ms at 16 kHz. */
import sherpa from 'sherpa-onnx-node';
import { earSampleRateHz } from './redecoding-ear.ts';

export type FrameSource = {
  /** Takes the next bytes; an odd one waits for its other half. */
  push(bytes: Buffer): Float32Array[];
};

const frameSamples = earSampleRateHz / 50;

export function audioFrames(sampleRateHz: number): FrameSource {
  const resampler =
    sampleRateHz === earSampleRateHz ? undefined : new sherpa.LinearResampler(sampleRateHz, earSampleRateHz);
  let restBytes: Buffer = Buffer.alloc(0);
  let restSamples = new Float32Array(0);
  return {
    push(bytes) {
      const all = restBytes.length === 0 ? bytes : Buffer.concat([restBytes, bytes]);
      const count = Math.floor(all.length / 2);
      restBytes = all.subarray(count * 2);
      const samples = new Float32Array(count);
      for (let index = 0; index < count; index += 1) samples[index] = all.readInt16LE(index * 2) / 32_768;
      const heard = resampler === undefined ? samples : resampler.resample(samples);
      const joined = new Float32Array(restSamples.length + heard.length);
      joined.set(restSamples);
      joined.set(heard, restSamples.length);
      const frames: Float32Array[] = [];
      let offset = 0;
      for (; offset + frameSamples <= joined.length; offset += frameSamples) {
        frames.push(joined.slice(offset, offset + frameSamples));
      }
      restSamples = joined.slice(offset);
      return frames;
    },
  };
}
