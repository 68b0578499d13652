/** Language model as the conversation needs it. Adapters throw only `ProviderError`. */

export type LlmMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

export type LlmRequest = {
  readonly messages: readonly LlmMessage[];
  /** Upper bound of the answer, tokens. */
  readonly maxTokens: number;
};

export type LlmEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly promptTokens: number; readonly completionTokens: number };

export type LlmPort = {
  /** Engine and model as journals and people see it, e.g. `ollama:qwen3:4b`. */
  readonly label: string;
  /** Text pieces as they come. Ends after the answer; throws `ProviderError` when the engine fails or stalls. */
  stream(request: LlmRequest, options: { readonly signal: AbortSignal }): AsyncIterable<LlmEvent>;
};
