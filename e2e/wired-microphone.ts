/** A microphone without a room: frames of 10 ms in real time, silence between clips, and the agent's echo if wanted. */
import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { AudioFrame } from '@livekit/rtc-node';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { resample } from '@sophy/testkit/resample';
import { laneSampleRateHz } from '@sophy/worker/src/lane/lane.ts';

const frameMs = 10;
const frameSamples = (laneSampleRateHz * frameMs) / 1_000;
/** How late and how loud a loudspeaker in the room comes back. */
const echo = { delayMs: 60, gain: 0.5 } as const;

export type WiredMicrophoneOptions = {
  readonly now: () => number;
  /** What the agent's voice sent from one moment to another. */
  readonly played: (fromMs: number, toMs: number) => PcmAudio;
};

export class WiredMicrophone {
  readonly audio: ReadableStream<AudioFrame>;
  readonly #options: WiredMicrophoneOptions;
  readonly #clips: { readonly samples: Int16Array; position: number }[] = [];
  readonly #ticker: NodeJS.Timeout;
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined;
  #deliveredMs: number;
  #echoUntilMs = 0;
  #isMuted = false;

  constructor(options: WiredMicrophoneOptions) {
    this.#options = options;
    this.#deliveredMs = options.now();
    this.audio = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.close(),
    });
    this.#ticker = setInterval(() => this.#deliver(), frameMs);
  }

  say(clip: PcmAudio): void {
    this.#clips.push({ samples: resample(clip, laneSampleRateHz).samples, position: 0 });
  }

  echoUntil(atMs: number): void {
    this.#echoUntilMs = atMs;
  }

  /** No frames come while it is muted, as from a muted track. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (isMuted) this.#clips.length = 0;
    this.#deliveredMs = this.#options.now();
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#controller = undefined;
  }

  #deliver(): void {
    if (this.#isMuted) return;
    for (; this.#options.now() - this.#deliveredMs >= frameMs; this.#deliveredMs += frameMs) {
      this.#controller?.enqueue(new AudioFrame(this.#nextFrame(), laneSampleRateHz, 1, frameSamples));
    }
  }

  #nextFrame(): Int16Array {
    const frame = new Int16Array(frameSamples);
    const clip = this.#clips[0];
    if (clip !== undefined) {
      frame.set(clip.samples.subarray(clip.position, clip.position + frameSamples));
      clip.position += frameSamples;
      if (clip.position >= clip.samples.length) this.#clips.shift();
    }
    if (this.#deliveredMs < this.#echoUntilMs) this.#addEcho(frame);
    return frame;
  }

  #addEcho(frame: Int16Array): void {
    const fromMs = this.#deliveredMs - echo.delayMs;
    const { samples, sampleRateHz } = this.#options.played(fromMs, fromMs + frameMs);
    const step = sampleRateHz / laneSampleRateHz;
    for (let index = 0; index < frame.length; index += 1) {
      frame[index] = (frame[index] ?? 0) + Math.round(echo.gain * (samples[Math.floor(index * step)] ?? 0));
    }
  }
}
