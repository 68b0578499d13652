/** A refusal that a client is meant to read: status and one sentence. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;
  /** For programs that tell refusals with one status apart. */
  readonly code: string | undefined;
  /** When to ask again, s. */
  readonly retryAfterSeconds: number | undefined;

  /** @param detail Names the thing and says what to do; it goes out as it is, so it holds no secret. */
  constructor(
    statusCode: number,
    detail: string,
    options: ErrorOptions & { readonly code?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(detail, options);
    this.statusCode = statusCode;
    this.code = options.code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
