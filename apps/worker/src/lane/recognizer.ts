/**
 * How a lane turns the audio of its utterances into words, whichever kind of engine is set.
 * A recognizer reports through `RecognizerEvents`; it never throws into the lane.
 */
import type { UtteranceId } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { UtteranceAudio } from './utterance-audio.ts';

export type RecognizerEvents = {
  readonly onInterim: (utteranceId: UtteranceId, text: string) => void;
  /** Words of the utterance up to its latest pause. `sttMs`: how long recognition took after the pause began. */
  readonly onTranscript: (
    utteranceId: UtteranceId,
    transcript: { text: string; language: string | undefined; sttMs: number },
  ) => void;
  readonly onFailure: (utteranceId: UtteranceId, error: ProviderError) => void;
};

export type Recognizer = {
  /** Engine and model, e.g. `local:base`. */
  readonly label: string;
  /** Every window of audio, speech or not, in order. 16 kHz mono. */
  hear(samples: Int16Array): void;
  /** The person speaks (again): results for what came before are no longer wanted. */
  speechStarted(utteranceId: UtteranceId): void;
  /** The person pauses: transcribe what the utterance holds so far. */
  speechPaused(utteranceId: UtteranceId, audio: UtteranceAudio): void;
  close(): Promise<void>;
};
