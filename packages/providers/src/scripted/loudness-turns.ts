/** Finds utterances by loudness alone: exact on clean test audio, and the same each time. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

export type LoudnessTurnsOptions = {
  readonly sampleRateHz: number;
  /** Root mean square of a frame from which it counts as voiced, 0 to 32768. */
  readonly thresholdRms?: number;
  /** Silence that ends an utterance, ms of audio. */
  readonly hangoverMs: number;
  /** No pause ends an utterance that is shorter, ms: an engine that understands when a sentence is whole. */
  readonly minimumMs?: () => number;
};

export type LoudnessEvent =
  | { readonly type: 'speech-started' }
  /** `sinceLastVoicedMs` of audio have come after the utterance. */
  | { readonly type: 'speech-ended'; readonly audio: PcmAudio; readonly sinceLastVoicedMs: number };

const frameMs = 10;

export class LoudnessTurns {
  readonly #options: Required<LoudnessTurnsOptions>;
  readonly #frameSamples: number;
  #pending = new Int16Array(0);
  #voiced: Int16Array[] = [];
  #silence: Int16Array[] = [];
  #voicedFrames = 0;

  constructor(options: LoudnessTurnsOptions) {
    this.#options = { thresholdRms: 300, minimumMs: () => 0, ...options };
    this.#frameSamples = Math.round((options.sampleRateHz * frameMs) / 1_000);
  }

  /** How many voiced frames of 10 ms have come so far; grows with each of them. */
  get voicedFrames(): number {
    return this.#voicedFrames;
  }

  push(samples: Int16Array): LoudnessEvent[] {
    const all = join([this.#pending, samples]);
    const events: LoudnessEvent[] = [];
    let offset = 0;
    for (; offset + this.#frameSamples <= all.length; offset += this.#frameSamples) {
      const event = this.#frame(all.slice(offset, offset + this.#frameSamples));
      if (event !== undefined) events.push(event);
    }
    this.#pending = all.slice(offset);
    return events;
  }

  /** Ends the running utterance now, silence or not; undefined: there is none. */
  endNow(): Extract<LoudnessEvent, { type: 'speech-ended' }> | undefined {
    if (this.#voiced.length === 0) return undefined;
    return this.#end(this.#silence.length * frameMs);
  }

  #frame(frame: Int16Array): LoudnessEvent | undefined {
    if (rms(frame) >= this.#options.thresholdRms) {
      const isStart = this.#voiced.length === 0;
      this.#voicedFrames += 1;
      this.#voiced.push(...this.#silence, frame);
      this.#silence = [];
      return isStart ? { type: 'speech-started' } : undefined;
    }
    if (this.#voiced.length === 0) return undefined;
    this.#silence.push(frame);
    const sinceLastVoicedMs = this.#silence.length * frameMs;
    if (sinceLastVoicedMs < this.#options.hangoverMs) return undefined;
    if (this.#voiced.length * frameMs < this.#options.minimumMs()) return undefined;
    return this.#end(sinceLastVoicedMs);
  }

  #end(sinceLastVoicedMs: number): Extract<LoudnessEvent, { type: 'speech-ended' }> {
    const audio = { samples: join(this.#voiced), sampleRateHz: this.#options.sampleRateHz };
    this.#voiced = [];
    this.#silence = [];
    return { type: 'speech-ended', audio, sinceLastVoicedMs };
  }
}

function rms(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

function join(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
