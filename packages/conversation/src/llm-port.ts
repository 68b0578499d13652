/** Language model as the conversation needs it. Adapters throw only `ProviderError`. */

/** A call that the model asks for. The arguments are text of the model's: to be parsed and checked before anything. */
export type LlmToolCall = {
  /** Unique in the answer; the result carries it again. */
  readonly callId: string;
  readonly name: string;
  readonly argumentsJson: string;
};

/** A function that the model may ask for. */
export type LlmTool = {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type LlmMessage =
  | {
      readonly role: 'system' | 'user' | 'assistant';
      readonly content: string;
      /** What an answer of the model asked for; the results follow as messages of their own. */
      readonly toolCalls?: readonly LlmToolCall[];
    }
  /** What a tool gave, as data. */
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

export type LlmRequest = {
  readonly messages: readonly LlmMessage[];
  /** Upper bound of the answer, tokens. */
  readonly maxTokens: number;
  /** Left out or empty: the model is to answer in words. Ignored by an engine that takes none. */
  readonly tools?: readonly LlmTool[];
};

export type LlmEvent =
  | { readonly type: 'text'; readonly text: string }
  /** Complete, after its last piece. An answer may ask for several. */
  | ({ readonly type: 'tool-call' } & LlmToolCall)
  /** Given where the engine tells both; else there is none. */
  | {
      readonly type: 'usage';
      readonly promptTokens: number;
      /** The part of `promptTokens` that came from a cache of the engine, where it tells. */
      readonly cachedPromptTokens?: number;
      readonly completionTokens: number;
    };

export type LlmPort = {
  /** Engine and model as journals and people see it, e.g. `ollama:qwen3:4b`. */
  readonly label: string;
  /** Whether the model is told of tools. Left out: no. */
  readonly takesTools?: boolean;
  /** Text pieces as they come. Ends after the answer; throws `ProviderError` when the engine fails or stalls. */
  stream(request: LlmRequest, options: { readonly signal: AbortSignal }): AsyncIterable<LlmEvent>;
};
