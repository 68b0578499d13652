/** Where in a voice's audio there is sound, frame by frame: tells words from the pauses between them. */
import { soundFrameMs } from './heard-text.ts';

/** Quieter than -42 dBFS (RMS) is a pause: voices speak near -20, and breathe near -50. */
const soundFromRms = 32_768 * 10 ** (-42 / 20);

export class SoundFrames {
  readonly frames: boolean[] = [];
  readonly #frameSamples: number;
  #energy = 0;
  #samples = 0;

  constructor(sampleRateHz: number) {
    this.#frameSamples = (sampleRateHz * soundFrameMs) / 1_000;
  }

  append(samples: Int16Array): void {
    for (const sample of samples) {
      this.#energy += sample * sample;
      this.#samples += 1;
      if (this.#samples < this.#frameSamples) continue;
      this.frames.push(Math.sqrt(this.#energy / this.#samples) >= soundFromRms);
      this.#energy = 0;
      this.#samples = 0;
    }
  }
}
