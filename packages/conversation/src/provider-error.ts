/** The one error that every engine adapter throws. It carries no prompt, speech or key. */

export type ProviderStage = 'stt' | 'llm' | 'tts';

export type ProviderErrorCategory =
  | 'authentication'
  | 'quota'
  | 'rate-limit'
  | 'invalid-request'
  | 'connectivity'
  | 'timeout'
  | 'server'
  | 'bad-response'
  | 'cancelled';

export type ProviderErrorOptions = {
  readonly stage: ProviderStage;
  /** Engine id, e.g. `openai`. */
  readonly engine: string;
  readonly category: ProviderErrorCategory;
  /** For the log: what happened, never content. */
  readonly message: string;
  readonly isRetryable: boolean;
  /** What the service asked to wait, ms. */
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly cause?: unknown;
};

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly stage: ProviderStage;
  readonly engine: string;
  readonly category: ProviderErrorCategory;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(options: ProviderErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.stage = options.stage;
    this.engine = options.engine;
    this.category = options.category;
    this.isRetryable = options.isRetryable;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
  }

  /** Stable name for journals and metrics, e.g. `llm.connectivity`. */
  get code(): string {
    return `${this.stage}.${this.category}`;
  }
}
