/** The one error of model fetching: says which model, what went wrong and what to do about it. */

export type ModelFetchErrorCode =
  | 'aborted'
  | 'checksum-mismatch'
  | 'conversion-failed'
  | 'disk-full'
  | 'network'
  | 'not-published'
  | 'python-missing'
  | 'source-excluded';

export class ModelFetchError extends Error {
  readonly code: ModelFetchErrorCode;
  /** Whether the same attempt may succeed later without anybody changing anything. */
  readonly isRetryable: boolean;

  constructor(code: ModelFetchErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ModelFetchError';
    this.code = code;
    this.isRetryable = code === 'network' || code === 'checksum-mismatch';
  }
}
