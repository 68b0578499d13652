/** A voice of the engines, and what makes its sound. */

export type SpeechOptions = {
  /** 1 is normal. */
  readonly speed: number;
  /** Which voice of a model that has several; 0 of one that has one. */
  readonly speakerId: number;
  readonly signal: AbortSignal;
};

/** A loaded voice model. */
export type SpeechEngine = {
  readonly sampleRateHz: number;
  /**
   * Mono audio, piece by piece as it is made. Ends early when the signal aborts; throws `EngineError` when the engine
   * fails. The text has at least one letter or digit.
   */
  speak(text: string, options: SpeechOptions): AsyncIterable<Int16Array<ArrayBuffer>>;
  close(): Promise<void>;
};

/** A voice that can be asked for, in memory or not. */
export type SpeechVoice = {
  readonly id: string;
  /** Name for people; says which engine it is. */
  readonly name: string;
  readonly gender: string;
  /** E.g. `it_IT`. */
  readonly locale: string;
  /** E.g. `it`. */
  readonly language: string;
  /** Id of the model that it belongs to. */
  readonly modelId: string;
  readonly speakerId: number;
  /** What is loaded for it; voices with the same key share one engine. */
  readonly engineKey: string;
};
