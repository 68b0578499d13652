/** Speech recognition as the conversation needs it. Adapters throw only `ProviderError`. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

export type SttOptions = {
  /** Language code such as `it`; undefined: the engine detects it. */
  readonly language: string | undefined;
  readonly signal: AbortSignal;
};

export type Transcript = {
  readonly text: string;
  /** Language code, undefined when the engine does not say. */
  readonly language: string | undefined;
};

/** An engine that takes a whole utterance at once, like `/v1/audio/transcriptions`. */
export type UploadSttPort = {
  readonly kind: 'upload';
  /** Engine and model as journals and people see it, e.g. `local:base`. */
  readonly label: string;
  /** Longest audio that one request may carry, ms. */
  readonly maxAudioMs: number;
  /** Transcribes mono audio; empty text when there are no words in it. */
  transcribe(audio: PcmAudio, options: SttOptions): Promise<Transcript>;
};

export type SttStreamEvent =
  /** Text of the utterance so far; replaces the one before. */
  | { readonly type: 'interim'; readonly text: string }
  /** The utterance is over as the engine sees it. */
  | { readonly type: 'final'; readonly text: string; readonly language: string | undefined };

/** An engine that hears audio as it comes and gives words as it goes. */
export type StreamingSttPort = {
  readonly kind: 'streaming';
  readonly label: string;
  /** Sample rate that `push` expects. */
  readonly sampleRateHz: number;
  /** Takes whole utterances while this engine fails. */
  readonly backup?: UploadSttPort;
  open(options: SttOptions): SttStream;
};

export type SttStream = {
  /** Next samples, in order, silence included. */
  push(samples: Int16Array): void;
  /** The person pauses: the final words for what was pushed are wanted now, not when the engine sees an end by itself. */
  commit(): void;
  /** Events until `close` or until the signal aborts; throws `ProviderError` when the engine fails. */
  readonly events: AsyncIterable<SttStreamEvent>;
  close(): Promise<void>;
};

export type SttPort = UploadSttPort | StreamingSttPort;
