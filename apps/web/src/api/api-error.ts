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
  /** Tells refusals with one status apart; null where the service gives none. */
  readonly code: string | null;

  constructor(
    kind: ApiErrorKind,
    status: number,
    detail: string,
    options: { readonly cause?: unknown; readonly code?: string | null } = {},
  ) {
    super(`${kind} (${status}): ${detail}`, { cause: options.cause });
    this.code = options.code ?? null;
    this.name = 'ApiError';
    this.kind = kind;
    this.status = status;
    this.detail = detail;
  }
}
