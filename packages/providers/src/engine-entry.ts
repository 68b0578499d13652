/** What an engine says of itself: what it can do, what it needs to be set, and how it is opened as a port. */
import type { Voice } from '@sophy/contracts/http-engines';
import type { LlmEngine, Settings, SttEngine, TtsEngine } from '@sophy/contracts/settings';
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { SpeechMarkup } from '@sophy/conversation/speech/speech-markup';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';
import type { EngineEndpoints } from './engine-endpoints.ts';

/** The settings and addresses that an engine is opened with. */
export type EngineContext = { readonly settings: Settings; readonly endpoints: EngineEndpoints };

/** A model that an engine offers. */
export type EngineModel = { readonly id: string; readonly name: string };

type Entry<Id extends string> = {
  readonly id: Id;
  /** Name as people know it, e.g. `Deepgram`. */
  readonly name: string;
  /** It runs on machines of the operator: nothing that people say leaves them. */
  readonly isSelfHosted: boolean;
  /** Which setting is missing, as a sentence for the operator; undefined: it can be used. */
  missing(context: EngineContext): string | undefined;
  /** Model that would be asked; empty: the server's own default. With the engine id it is the key of its price. */
  model(context: EngineContext): string;
  /** Address of the service, for the breaker and for messages. */
  baseUrl(context: EngineContext): string;
  /** A request that costs nothing, needs the key and opens the connection. Left out: there is none. */
  warmUp?(context: EngineContext): {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Models that may be asked, live where the service lists them. Throws `ProviderError`. */
  listModels?(context: EngineContext, signal: AbortSignal): Promise<readonly EngineModel[]>;
};

export type SttCapabilities = {
  /** Hears audio as it comes. Otherwise it takes whole utterances. */
  readonly isStreaming: boolean;
  /** Gives words before the utterance is over. */
  readonly givesInterimResults: boolean;
  /** Tells when each word was said. */
  readonly givesWordTimes: boolean;
  /** Tells which language was spoken when it was not told. */
  readonly detectsLanguage: boolean;
  /** Language codes such as `it`; undefined: it depends on the model. */
  readonly languages: readonly string[] | undefined;
  /** What it hears, Hz. */
  readonly sampleRateHz: number;
};

export type LlmCapabilities = { readonly isStreaming: boolean; readonly takesTools: boolean };

export type TtsCapabilities = {
  /** Gives audio before all of it is made. */
  readonly isStreaming: boolean;
  /** Tells when each word is said. */
  readonly givesWordTimes: boolean;
  readonly languages: readonly string[] | undefined;
  readonly sampleRateHz: number;
  readonly markup: SpeechMarkup;
  /** Smallest and greatest rate it can speak at; undefined: it cannot change it. */
  readonly speed: { readonly min: number; readonly max: number } | undefined;
};

export type SttEntry = Entry<SttEngine> & {
  readonly stage: 'stt';
  readonly capabilities: SttCapabilities;
  open(context: EngineContext): SttPort;
};

export type LlmEntry = Entry<LlmEngine> & {
  readonly stage: 'llm';
  readonly capabilities: LlmCapabilities;
  open(context: EngineContext): LlmPort;
};

export type TtsEntry = Entry<TtsEngine> & {
  readonly stage: 'tts';
  readonly capabilities: TtsCapabilities;
  /** Voice where none is set; undefined: the service has its own default. */
  defaultVoice(language: string | undefined): string | undefined;
  /** Throws `ProviderError`. */
  listVoices(context: EngineContext, signal: AbortSignal): Promise<readonly Voice[]>;
  /** Speaks with the voice of each request. */
  open(context: EngineContext): TtsPort;
};

export type EngineEntry = SttEntry | LlmEntry | TtsEntry;
