/** What one listener has heard of one participant: energy over wall time, and the sound itself. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { rmsDbfs, voicedThresholdDbfs } from './pcm.ts';

export const heardSampleRateHz = 48_000;
export const heardFrameMs = 10;
/** Pauses between words shorter than this do not end a segment. */
const segmentGapMs = 250;
/** Sound older than this is dropped; the energy timeline stays. */
const keptAudioMs = 180_000;

/** A stretch of sound, `performance.now()` of its first sample's arrival and of its last sample's end. */
export type HeardSegment = { readonly startMs: number; readonly endMs: number };

type HeardFrame = { readonly arrivalMs: number; readonly isVoiced: boolean; samples: Int16Array | undefined };

/**
 * Times are arrivals of 10 ms frames at the listener, uncorrected: a first sound is never reported too early and a
 * last sound never too early, so latencies can only come out too long.
 */
export class ReceivedAudio {
  private readonly frames: HeardFrame[] = [];
  private oldestKept = 0;

  /** Adds a frame of 10 ms at 48 kHz mono that has just arrived. */
  add(samples: Int16Array, arrivalMs: number): void {
    this.frames.push({ arrivalMs, isVoiced: rmsDbfs(samples) >= voicedThresholdDbfs, samples });
    if (this.frames.length - this.oldestKept > keptAudioMs / heardFrameMs) {
      const oldest = this.frames[this.oldestKept];
      if (oldest !== undefined) oldest.samples = undefined;
      this.oldestKept += 1;
    }
  }

  /** Arrival of the newest frame; undefined before the first. */
  get latestMs(): number | undefined {
    return this.frames.at(-1)?.arrivalMs;
  }

  /** Arrival of the first voiced frame at or after a time. */
  firstSoundAfter(atMs: number): number | undefined {
    for (let index = this.firstFrameAt(atMs); index < this.frames.length; index += 1) {
      const frame = this.frames[index];
      if (frame?.isVoiced === true) return frame.arrivalMs;
    }
    return undefined;
  }

  /** End of the last voiced frame that arrived before a time (default: until now). */
  lastSoundBefore(atMs = Infinity): number | undefined {
    for (let index = this.firstFrameAt(atMs) - 1; index >= 0; index -= 1) {
      const frame = this.frames[index];
      if (frame?.isVoiced === true) return frame.arrivalMs + heardFrameMs;
    }
    return undefined;
  }

  /** Whether nothing voiced arrived in the last `lengthMs` although frames did. */
  isSilentFor(lengthMs: number): boolean {
    const latestMs = this.latestMs;
    const lastSoundMs = this.lastSoundBefore();
    return latestMs !== undefined && (lastSoundMs === undefined || latestMs - lastSoundMs >= lengthMs);
  }

  /** All stretches of sound since a time; pauses shorter than `gapMs` do not end one. */
  segments(sinceMs = 0, gapMs = segmentGapMs): readonly HeardSegment[] {
    const segments: { startMs: number; endMs: number }[] = [];
    for (const frame of this.frames.slice(this.firstFrameAt(sinceMs))) {
      if (!frame.isVoiced) continue;
      const last = segments.at(-1);
      if (last !== undefined && frame.arrivalMs - last.endMs < gapMs)
        last.endMs = frame.arrivalMs + heardFrameMs;
      else segments.push({ startMs: frame.arrivalMs, endMs: frame.arrivalMs + heardFrameMs });
    }
    return segments;
  }

  /** The sound that arrived between two times, for transcription; sound older than three minutes is gone. */
  audio(fromMs: number, toMs: number): PcmAudio {
    const parts = this.frames
      .slice(this.firstFrameAt(fromMs), this.firstFrameAt(toMs))
      .flatMap((frame) => (frame.samples === undefined ? [] : [frame.samples]));
    const samples = new Int16Array(parts.reduce((total, part) => total + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      samples.set(part, offset);
      offset += part.length;
    }
    return { samples, sampleRateHz: heardSampleRateHz };
  }

  /** Index of the first frame that arrived at or after a time. */
  private firstFrameAt(atMs: number): number {
    let low = 0;
    let high = this.frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.frames[middle]?.arrivalMs ?? Infinity) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
