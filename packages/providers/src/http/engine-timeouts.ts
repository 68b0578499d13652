/** How long an engine may take before an adapter gives up, and the defaults of each stage. */

export type EngineTimeouts = {
  /** Opening the connection, ms. */
  readonly connectMs: number;
  /**
   * From sending the request to what is useful: the whole transcript, the first text, the first audio, ms.
   * Headers, comments and hidden reasoning do not count: nobody can hear them.
   */
  readonly answerMs: number;
  /** Between two pieces of an answer that has begun, ms. */
  readonly stallMs: number;
};

type StageTimeouts = {
  readonly stt: EngineTimeouts;
  readonly llm: EngineTimeouts;
  readonly tts: EngineTimeouts;
};

/** Hosted services: a person waits on the line, so a late answer counts as a failed one. */
export const hostedTimeouts: StageTimeouts = {
  stt: { connectMs: 1_500, answerMs: 10_000, stallMs: 5_000 },
  llm: { connectMs: 2_000, answerMs: 5_000, stallMs: 3_000 },
  tts: { connectMs: 1_500, answerMs: 2_000, stallMs: 1_500 },
};

/** Engines on the machine itself: they load models and queue behind each other on few cores. */
export const localTimeouts: StageTimeouts = {
  stt: { connectMs: 1_000, answerMs: 30_000, stallMs: 5_000 },
  llm: { connectMs: 1_000, answerMs: 30_000, stallMs: 4_000 },
  tts: { connectMs: 1_000, answerMs: 15_000, stallMs: 4_000 },
};
