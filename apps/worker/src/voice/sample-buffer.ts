/** The audio of one reply as it grows: appended by synthesis, read by playout, which may step back after a hold. */
export class SampleBuffer {
  #samples = new Int16Array(24_000);
  #length = 0;

  /** Samples appended so far. */
  get length(): number {
    return this.#length;
  }

  append(samples: Int16Array): void {
    const needed = this.#length + samples.length;
    if (needed > this.#samples.length) {
      const grown = new Int16Array(Math.max(needed, this.#samples.length * 2));
      grown.set(this.#samples.subarray(0, this.#length));
      this.#samples = grown;
    }
    this.#samples.set(samples, this.#length);
    this.#length = needed;
  }

  /** Up to `count` samples from `start`, as a copy that later appends cannot touch. */
  read(start: number, count: number): Int16Array {
    return this.#samples.slice(start, Math.min(start + count, this.#length));
  }
}
