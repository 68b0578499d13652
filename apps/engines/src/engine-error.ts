/** The error that a client of the engines sees, in OpenAI's shape. */

export type EngineErrorCode =
  | 'invalid_request'
  | 'invalid_audio'
  | 'unsupported_language'
  | 'unknown_voice'
  | 'model_not_found'
  | 'model_not_installed'
  | 'conflict'
  | 'commit_empty'
  | 'not_ready'
  | 'overloaded'
  | 'memory_exceeded'
  | 'engine_failed';

const statusOfCode: Readonly<Record<EngineErrorCode, number>> = {
  invalid_request: 400,
  invalid_audio: 400,
  unsupported_language: 400,
  unknown_voice: 400,
  model_not_found: 404,
  model_not_installed: 409,
  conflict: 409,
  commit_empty: 400,
  not_ready: 503,
  overloaded: 429,
  memory_exceeded: 503,
  engine_failed: 500,
};

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly status: number;
  /** When it is worth asking again, seconds; undefined: never. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: EngineErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'EngineError';
    this.code = code;
    this.status = statusOfCode[code];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Body of an error answer as OpenAI's clients read it. */
export function errorBody(status: number, message: string, code: string | undefined) {
  return {
    error: {
      message,
      type: status < 500 ? 'invalid_request_error' : 'server_error',
      param: null,
      code: code ?? null,
    },
  };
}
