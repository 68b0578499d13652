/** Speech synthesis as the conversation needs it. Adapters throw only `ProviderError`. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

export type TtsRequest = {
  readonly text: string;
  /** Language code such as `it`. */
  readonly language: string | undefined;
  /** Voice id; undefined: the engine's default for the language. */
  readonly voice: string | undefined;
  /** 1 is normal. */
  readonly speed: number;
};

/** A piece of speech. */
export type TtsAudio = PcmAudio & {
  /** How many characters of the text have been said by the end of this piece, where the engine tells. */
  readonly spokenCharacters?: number;
};

export type TtsPort = {
  /** Engine and model as journals and people see it, e.g. `local:piper`. */
  readonly label: string;
  /** Mono audio pieces as they come. The sample rate changes where another engine takes over in the middle. */
  synthesize(request: TtsRequest, options: { readonly signal: AbortSignal }): AsyncIterable<TtsAudio>;
};
