/** The audio of the utterance that a lane is hearing, with what came just before it: voice activity notices a word late. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** Recognition needs the breath before the first word; 400 ms also covers the detector's own delay. */
const preRollMs = 400;

export class UtteranceAudio {
  readonly #sampleRateHz: number;
  #preRoll: Int16Array[] = [];
  #preRollSamples = 0;
  #chunks: Int16Array[] = [];
  #samples = 0;
  #isOpen = false;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get durationMs(): number {
    return (this.#samples / this.#sampleRateHz) * 1_000;
  }

  append(samples: Int16Array): void {
    if (this.#isOpen) {
      this.#chunks.push(samples);
      this.#samples += samples.length;
      return;
    }
    this.#preRoll.push(samples);
    this.#preRollSamples += samples.length;
    const limit = (this.#sampleRateHz * preRollMs) / 1_000;
    for (
      let first = this.#preRoll[0];
      first !== undefined && this.#preRollSamples - first.length >= limit;
      first = this.#preRoll[0]
    ) {
      this.#preRoll.shift();
      this.#preRollSamples -= first.length;
    }
  }

  /** A person begins to speak: the utterance starts with the pre-roll. */
  open(): void {
    this.#chunks = this.#preRoll;
    this.#samples = this.#preRollSamples;
    this.#preRoll = [];
    this.#preRollSamples = 0;
    this.#isOpen = true;
  }

  /** The utterance so far, as one piece. */
  snapshot(): PcmAudio {
    const samples = new Int16Array(this.#samples);
    let offset = 0;
    for (const chunk of this.#chunks) {
      samples.set(chunk, offset);
      offset += chunk.length;
    }
    return { samples, sampleRateHz: this.#sampleRateHz };
  }

  /** The latest audio of the utterance, at most so many samples. */
  tail(samples: number): Int16Array {
    const length = Math.min(samples, this.#samples);
    const tail = new Int16Array(length);
    let end = length;
    for (let index = this.#chunks.length - 1; index >= 0 && end > 0; index -= 1) {
      const chunk = this.#chunks[index] ?? new Int16Array(0);
      const part = chunk.subarray(Math.max(0, chunk.length - end));
      tail.set(part, end - part.length);
      end -= part.length;
    }
    return tail;
  }

  /** The utterance is over; what comes next belongs to another one. */
  close(): void {
    this.#chunks = [];
    this.#samples = 0;
    this.#isOpen = false;
  }
}
