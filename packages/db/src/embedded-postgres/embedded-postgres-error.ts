/** What can go wrong with the embedded database, in words that say what to do. */

export type EmbeddedPostgresErrorCode =
  | 'program-missing'
  | 'account-missing'
  | 'in-use'
  | 'port-in-use'
  | 'initialise-failed'
  | 'start-failed';

/** Never worth an immediate retry: everything that passes by itself was waited for already. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly category = 'storage';
  readonly isRetryable = false;
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
