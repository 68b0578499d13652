/**
 * How a lane turns the audio of its utterances into words, whichever kind of engine is set.
 * A recognizer reports through `RecognizerEvents`; it never throws into the lane.
 */
import type { UtteranceId } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { UtteranceAudio } from './utterance-audio.ts';

/** Words of an utterance up to its latest pause. */
export type RecognizedWords = {
  readonly text: string;
  readonly language: string | undefined;
  /** How long recognition took after the pause began, ms. */
  readonly sttMs: number;
  /** The engine heard the end of speech by itself, perhaps before the lane did. */
  readonly endsSpeech: boolean;
};

export type RecognizerEvents = {
  readonly onInterim: (utteranceId: UtteranceId, text: string) => void;
  readonly onTranscript: (utteranceId: UtteranceId, transcript: RecognizedWords) => void;
  /** An early look failed; the words may still come at the pause. */
  readonly onPeekFailure: (error: ProviderError) => void;
  readonly onFailure: (utteranceId: UtteranceId, error: ProviderError) => void;
};

export type Recognizer = {
  /** Engine and model, e.g. `local:base`. */
  readonly label: string;
  /** Every window of audio, speech or not, in order. 16 kHz mono. */
  hear(samples: Int16Array): void;
  /** The person speaks (again): results for what came before are no longer wanted. */
  speechStarted(utteranceId: UtteranceId): void;
  /** The words so far are wanted while the person still speaks; an engine that streams gives them anyway. */
  peek(utteranceId: UtteranceId, audio: UtteranceAudio): void;
  /** The person pauses: transcribe what the utterance holds so far. */
  speechPaused(utteranceId: UtteranceId, audio: UtteranceAudio): void;
  close(): Promise<void>;
};
