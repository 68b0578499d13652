/** Where the agent's voice goes when there is no room: a queue that plays in real time, and remembers what sounded when. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AudioSink } from '@sophy/worker/src/voice/playout.ts';

/** As the worker's own track. */
const queueMs = 100;
/** Frames that are further apart than this were held in between, ms. */
const holdGapMs = 60;

export type SoundedSpan = { readonly fromMs: number; untilMs: number };

export class TimedSink implements AudioSink {
  readonly #now: () => number;
  readonly #spans: SoundedSpan[] = [];
  #endMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get queuedDuration(): number {
    return Math.max(0, this.#endMs - this.#now());
  }

  /** Unbroken stretches of voice from a moment on, by the room clock. */
  spansSince(fromMs: number): readonly SoundedSpan[] {
    return this.#spans.filter(({ untilMs }) => untilMs > fromMs);
  }

  captureFrame: AudioSink['captureFrame'] = async (frame) => {
    const fromMs = Math.max(this.#now(), this.#endMs);
    this.#endMs = fromMs + (frame.samplesPerChannel / frame.sampleRate) * 1_000;
    const last = this.#spans.at(-1);
    if (last !== undefined && fromMs - last.untilMs < holdGapMs) last.untilMs = this.#endMs;
    else this.#spans.push({ fromMs, untilMs: this.#endMs });
    const excessMs = this.queuedDuration - queueMs;
    if (excessMs > 0) await delay(excessMs);
  };

  clearQueue(): void {
    this.#endMs = Math.min(this.#endMs, this.#now());
    const last = this.#spans.at(-1);
    if (last !== undefined) last.untilMs = Math.min(last.untilMs, this.#endMs);
  }

  async waitForPlayout(): Promise<void> {
    await delay(this.queuedDuration);
  }
}
