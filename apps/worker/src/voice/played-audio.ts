/** What the agent's voice has sent into the room in the last seconds, by the room clock: what an echo is compared with. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** An echo is sought in about two seconds; older sound is let go. */
const keptMs = 3_000;
/** Frames whose times differ from an unbroken voice by less follow each other: clocks and the queue jitter. */
const jitterMs = 30;

export type PlayedAudioOptions = {
  readonly sampleRateHz: number;
  /** Room clock, ms. */
  readonly now: () => number;
};

type PlayedFrame = { readonly fromMs: number; readonly samples: Int16Array };

export class PlayedAudio {
  readonly #options: PlayedAudioOptions;
  #frames: PlayedFrame[] = [];

  constructor(options: PlayedAudioOptions) {
    this.#options = options;
  }

  /** When the latest sound ends that was handed to the room; undefined while there is none. */
  get endMs(): number | undefined {
    const last = this.#frames.at(-1);
    return last === undefined ? undefined : this.#endOf(last);
  }

  /**
   * A frame is handed to the room and sounds once what is queued before it has. It is kept, not copied: it must not
   * change any more.
   */
  add(samples: Int16Array, queuedMs: number): void {
    const nowMs = this.#options.now();
    const expectedMs = nowMs + queuedMs;
    const endMs = this.endMs;
    const isUnbroken = endMs !== undefined && Math.abs(endMs - expectedMs) < jitterMs;
    this.#frames.push({ fromMs: isUnbroken ? endMs : expectedMs, samples });
    const firstKept = this.#frames.findIndex((frame) => this.#endOf(frame) >= nowMs - keptMs);
    if (firstKept > 0) this.#frames.splice(0, firstKept);
  }

  /** The queue was taken back: nothing sounds after this moment. */
  takeBack(): void {
    const nowMs = this.#options.now();
    this.#frames = this.#frames.flatMap((frame) => {
      if (frame.fromMs >= nowMs) return [];
      return { ...frame, samples: frame.samples.subarray(0, this.#samplesIn(nowMs - frame.fromMs)) };
    });
  }

  /** What sounded from one moment to another, with silence where nothing did. */
  between(fromMs: number, toMs: number): PcmAudio {
    const samples = new Int16Array(Math.max(0, this.#samplesIn(toMs - fromMs)));
    for (const frame of this.#frames) {
      const at = this.#samplesIn(frame.fromMs - fromMs);
      const part = frame.samples.subarray(Math.max(0, -at), Math.max(0, samples.length - at));
      if (part.length > 0) samples.set(part, Math.max(0, at));
    }
    return { samples, sampleRateHz: this.#options.sampleRateHz };
  }

  #endOf({ fromMs, samples }: PlayedFrame): number {
    return fromMs + (samples.length / this.#options.sampleRateHz) * 1_000;
  }

  #samplesIn(lengthMs: number): number {
    return Math.round((lengthMs / 1_000) * this.#options.sampleRateHz);
  }
}
