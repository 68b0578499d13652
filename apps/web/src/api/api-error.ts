/** The one error that calls to the service throw. */

export type ApiErrorKind =
  /** No answer: the service is down or the network is. */
  | 'unreachable'
  /** The service answered with an error status and a detail. */
  | 'refused'
  /** The answer has another shape than agreed. */
  | 'malformed';

/** A failed call to the service. `status` is 0 when there was no answer; `detail` is the service's own sentence. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly detail: string;

  constructor(kind: ApiErrorKind, status: number, detail: string, cause?: unknown) {
    super(`${kind} (${status}): ${detail}`, { cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.status = status;
    this.detail = detail;
  }
}
