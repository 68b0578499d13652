/** What hears one utterance of a realtime session, whichever model it is. */

export type HeardUtterance = { readonly text: string; readonly language: string | undefined };

export type UtteranceEar = {
  /** Next audio, mono, 16 kHz. */
  hear(samples: Float32Array): void;
  /** The utterance is over. Throws `EngineError`; rejects with the session's reason when that has ended. */
  finish(): Promise<HeardUtterance>;
  /** Nobody wants to know any more. */
  abandon(): void;
};

/** `onDelta` gets words to append to those before. */
export type OpenEar = (onDelta: (delta: string) => void) => UtteranceEar;
