/** A voice of the engines, whatever makes its sound. */

export type SpeechOptions = {
  /** 1 is normal. */
  readonly speed: number;
  readonly signal: AbortSignal;
};

export type SpeechVoice = {
  readonly id: string;
  /** Name for people; says which engine it is. */
  readonly name: string;
  readonly gender: string;
  /** E.g. `it_IT`. */
  readonly locale: string;
  /** E.g. `it`. */
  readonly language: string;
  readonly sampleRateHz: number;
  /**
   * Mono audio, piece by piece as it is made. Ends early when the signal aborts; throws `EngineError` when the engine
   * fails. The text has at least one letter or digit.
   */
  speak(text: string, options: SpeechOptions): AsyncIterable<Int16Array<ArrayBuffer>>;
  close(): Promise<void>;
};
