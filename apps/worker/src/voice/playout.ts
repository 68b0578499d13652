/**
 * Plays one reply into the room: holds at a person's first sound, goes on where it held, stops for good.
 *
 * Position is counted in samples that have left the source's queue; what is still queued when the voice is held
 * or stopped is taken back, so that "heard" means heard.
 */
import { AudioFrame, type AudioSource } from '@livekit/rtc-node';
import type { PlayedAudio } from './played-audio.ts';
import { SampleBuffer } from './sample-buffer.ts';

/** 20 ms is the packet length of Opus in WebRTC: smaller frames cost calls, larger ones delay. */
const frameMs = 20;
/** A hold fades over 10 ms, since a hard cut clicks. */
const fadeMs = 10;

/** The bits of an audio source that playing needs. */
export type AudioSink = Pick<
  AudioSource,
  'captureFrame' | 'clearQueue' | 'queuedDuration' | 'waitForPlayout'
>;

export type PlayoutOptions = {
  readonly sink: AudioSink;
  readonly sampleRateHz: number;
  /** Remembers what sounded when. */
  readonly played: Pick<PlayedAudio, 'add' | 'takeBack'>;
  /** The first sample has been handed to the room. */
  readonly onStart: () => void;
  /** Everything has been played. Not called after `stop`. */
  readonly onComplete: () => void;
  /** The room refused audio: it is gone. */
  readonly onError: (error: Error) => void;
};

export class Playout {
  readonly #options: PlayoutOptions;
  readonly #buffer = new SampleBuffer();
  #cursor = 0;
  #isPlaying = false;
  #isHeld = false;
  #isFinished = false;
  #isStopped = false;
  #hasStarted = false;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;
  /** The capture under way; its own failure is told by whoever ordered it. */
  #capturing: Promise<void> = Promise.resolve();

  constructor(options: PlayoutOptions) {
    this.#options = options;
  }

  /** Length of the audio appended so far, ms. */
  get bufferedMs(): number {
    return this.#toMs(this.#buffer.length);
  }

  /** What people have heard so far, ms. */
  get playedMs(): number {
    return this.#toMs(Math.max(0, this.#cursor - this.#queuedSamples()));
  }

  append(samples: Int16Array): void {
    this.#buffer.append(samples);
    this.#wakeUp();
  }

  /** No more audio will come. */
  finish(): void {
    this.#isFinished = true;
    this.#wakeUp();
  }

  /** Makes the reply audible from here on. */
  play(): void {
    if (this.#loop !== undefined || this.#isStopped) return;
    this.#isPlaying = true;
    this.#loop = this.#run().catch((error: unknown) => {
      if (!this.#isStopped) this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** Falls silent at once and remembers where. */
  hold(): void {
    if (this.#isHeld || this.#isStopped) return;
    this.#isHeld = true;
    this.#takeBackQueue();
  }

  resume(): void {
    this.#isHeld = false;
    this.#wakeUp();
  }

  /** Falls silent for good. Returns what people heard, ms. */
  stop(): number {
    if (!this.#isStopped) {
      this.#isStopped = true;
      if (!this.#isHeld) this.#takeBackQueue();
      this.#wakeUp();
    }
    return this.#toMs(this.#cursor);
  }

  /** Ends when the loop has let go of the source. */
  async closed(): Promise<void> {
    await this.#loop;
  }

  async #run(): Promise<void> {
    const frameSamples = (this.#options.sampleRateHz * frameMs) / 1_000;
    while (!this.#isStopped) {
      const available = this.#buffer.length - this.#cursor;
      const isLast = this.#isFinished && available > 0 && available < frameSamples;
      if (this.#isHeld || (available < frameSamples && !isLast)) {
        if (!this.#isHeld && this.#isFinished && available === 0) {
          await this.#options.sink.waitForPlayout();
          if (this.#isStopped || this.#isHeld) continue;
          this.#options.onComplete();
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const samples = this.#buffer.read(this.#cursor, frameSamples);
      this.#cursor += samples.length;
      if (!this.#hasStarted) {
        this.#hasStarted = true;
        this.#options.onStart();
      }
      await this.#capture(samples);
    }
  }

  #takeBackQueue(): void {
    const queued = this.#queuedSamples();
    this.#options.sink.clearQueue();
    this.#options.played.takeBack();
    this.#cursor = Math.max(0, this.#cursor - queued);
    if (!this.#isPlaying || queued === 0) return;
    const fade = this.#buffer.read(this.#cursor, (this.#options.sampleRateHz * fadeMs) / 1_000);
    for (let index = 0; index < fade.length; index += 1) {
      fade[index] = Math.round((fade[index] ?? 0) * (1 - index / fade.length));
    }
    this.#capture(fade).catch((error: unknown) =>
      this.#options.onError(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** One frame after the other: the source refuses a second one while it still takes the first. */
  #capture(samples: Int16Array): Promise<void> {
    if (samples.length === 0) return this.#capturing;
    const { sink, sampleRateHz, played } = this.#options;
    const frame = new AudioFrame(samples, sampleRateHz, 1, samples.length);
    const captured = this.#capturing.then(() => {
      played.add(samples, sink.queuedDuration);
      return sink.captureFrame(frame);
    });
    this.#capturing = captured.catch(() => undefined);
    return captured;
  }

  #queuedSamples(): number {
    return Math.round((this.#options.sink.queuedDuration * this.#options.sampleRateHz) / 1_000);
  }

  #toMs(samples: number): number {
    return (samples / this.#options.sampleRateHz) * 1_000;
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
