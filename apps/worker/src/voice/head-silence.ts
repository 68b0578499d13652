/** Drops the silence at the head of synthesised speech. */

/** -50 dBFS: below it a listener hears nothing. */
const silencePeak = Math.round(32_768 * 10 ** (-50 / 20));
/** What is kept before the first sound, so that a soft consonant is whole. */
const keptMs = 10;

export class HeadSilence {
  readonly #keptSamples: number;
  #tail = new Int16Array(0);
  #hasSound = false;

  constructor(sampleRateHz: number) {
    this.#keptSamples = Math.round((sampleRateHz * keptMs) / 1_000);
  }

  /** The samples to keep, in order; nothing until the first sound. */
  trim(samples: Int16Array): Int16Array[] {
    if (this.#hasSound) return [samples];
    const first = samples.findIndex((sample) => Math.abs(sample) > silencePeak);
    if (first === -1) {
      this.#tail = samples.slice(-this.#keptSamples);
      return [];
    }
    this.#hasSound = true;
    const from = first - this.#keptSamples;
    if (from >= 0) return [samples.subarray(from)];
    return [this.#tail.subarray(Math.max(0, this.#tail.length + from)), samples].filter(
      (part) => part.length > 0,
    );
  }
}
