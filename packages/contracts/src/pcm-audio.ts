/** Signed 16 bit mono audio. Every boundary between rooms that carries sound uses this shape. */
export type PcmAudio = {
  /** Samples of one channel. */
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
};

/** Length of a piece of audio in ms. */
export function durationMs(audio: PcmAudio): number {
  return (audio.samples.length / audio.sampleRateHz) * 1_000;
}
