/** A refusal that a client is meant to read: status and one sentence. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;

  /** @param detail Names the thing and says what to do; it goes out as it is, so it holds no secret. */
  constructor(statusCode: number, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.statusCode = statusCode;
  }
}
