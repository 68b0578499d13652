/** A microphone that never stops: silence between clips, every sample at a known wall time. */
import { setTimeout as delay } from 'node:timers/promises';
import { AudioFrame, AudioSource, LocalAudioTrack } from '@livekit/rtc-node';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { voicedSpan } from './pcm.ts';
import { resample } from './resample.ts';

export const microphoneSampleRateHz = 48_000;
const frameMs = 10;
const frameSamples = (microphoneSampleRateHz / 1_000) * frameMs;

/** When the sound of a clip left, `performance.now()` of its first and last sample above the voiced threshold. */
export type SpokenSpan = { readonly onsetMs: number; readonly endMs: number };

export type Microphone = {
  readonly track: LocalAudioTrack;
  /**
   * Plays a clip after those already waiting. Resolves when its last sample has left.
   * Rejects when the clip has no sound or the microphone is closed.
   */
  say(clip: PcmAudio): Promise<SpokenSpan>;
  close(): Promise<void>;
};

type Playing = {
  readonly samples: Int16Array;
  readonly startSample: number;
  readonly endSample: number;
  position: number;
  onsetMs: number;
  endMs: number;
  readonly done: PromiseWithResolvers<SpokenSpan>;
};

/**
 * Frames of 10 ms are handed over when their last sample has been taken, as a sound card does: a sample's wall time is
 * when its frame was due, less what follows it there, also where a busy process hands it over late. The source has no
 * queue of its own: what is handed over leaves.
 */
export function openMicrophone(name: string): Microphone {
  const source = new AudioSource(microphoneSampleRateHz, 1, 0);
  const track = LocalAudioTrack.createAudioTrack(name, source);
  const clips: Playing[] = [];
  let open = true;

  function nextFrame(dueMs: number): Int16Array {
    const frame = new Int16Array(frameSamples);
    const clip = clips[0];
    if (clip === undefined) return frame;
    const from = clip.position;
    frame.set(clip.samples.subarray(from, from + frameSamples));
    clip.position += frameSamples;
    const wallTimeOf = (sample: number): number =>
      dueMs - (frameSamples - (sample - from)) / (microphoneSampleRateHz / 1_000);
    if (clip.startSample >= from && clip.startSample < clip.position)
      clip.onsetMs = wallTimeOf(clip.startSample);
    if (clip.endSample > from && clip.endSample <= clip.position) clip.endMs = wallTimeOf(clip.endSample);
    if (clip.position >= clip.samples.length) {
      clips.shift();
      clip.done.resolve({ onsetMs: clip.onsetMs, endMs: clip.endMs });
    }
    return frame;
  }

  async function run(): Promise<void> {
    let dueMs = performance.now();
    while (open) {
      dueMs += frameMs;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await delay(waitMs);
      if (!open) break;
      await source.captureFrame(new AudioFrame(nextFrame(dueMs), microphoneSampleRateHz, 1, frameSamples));
    }
  }
  let failure: unknown;
  const running = run().catch((error: unknown) => {
    failure = error;
    open = false;
    for (const clip of clips) clip.done.reject(error);
  });

  return {
    track,
    async say(audio) {
      if (!open) throw new Error(`microphone ${name} is closed`, { cause: failure });
      const clip = resample(audio, microphoneSampleRateHz);
      const span = voicedSpan(clip);
      if (span === undefined) throw new Error('the clip has no sound above the voiced threshold');
      const done = Promise.withResolvers<SpokenSpan>();
      clips.push({ samples: clip.samples, ...span, position: 0, onsetMs: 0, endMs: 0, done });
      return done.promise;
    },
    async close() {
      if (!open && failure === undefined) return;
      open = false;
      await running;
      for (const clip of clips.splice(0))
        clip.done.reject(new Error(`microphone ${name} was closed while speaking`));
      await track.close();
    },
  };
}
