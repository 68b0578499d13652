/** Makes every failure of an engine the one `ProviderError`, with nothing in it that a person said or a key. */
import {
  ProviderError,
  type ProviderErrorCategory,
  type ProviderStage,
} from '@sophy/conversation/provider-error';
import { errors } from 'undici';

/** Which engine failed: what every error of an adapter carries. */
export type EngineIdentity = {
  readonly stage: ProviderStage;
  /** Engine id, e.g. `openai`. */
  readonly engine: string;
};

/** Thrown inside an adapter when one of its own deadlines passes. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

const retryableCategories: ReadonlySet<ProviderErrorCategory> = new Set([
  'rate-limit',
  'connectivity',
  'timeout',
  'server',
]);

export function engineFailure(
  identity: EngineIdentity,
  category: ProviderErrorCategory,
  message: string,
  details: { readonly status?: number; readonly retryAfterMs?: number } = {},
): ProviderError {
  return new ProviderError({
    ...identity,
    ...details,
    category,
    message: `${identity.engine} ${identity.stage}: ${message}`,
    isRetryable: retryableCategories.has(category),
  });
}

/** Category of an HTTP status that is not a success; `code` is the service's own error code. */
export function categoryOfStatus(status: number, code: string | undefined): ProviderErrorCategory {
  if (status === 401 || status === 403) return 'authentication';
  if (status === 402) return 'quota';
  // OpenAI says "no credit left" with the status of a rate limit; waiting does not help there.
  if (status === 429) return code === 'insufficient_quota' ? 'quota' : 'rate-limit';
  if (status === 408 || status >= 500) return 'server';
  if (status >= 400) return 'invalid-request';
  return 'bad-response';
}

const adviceByCategory: Partial<Record<ProviderErrorCategory, string>> = {
  authentication: 'check the key',
  quota: 'the account has no credit left',
  'invalid-request': 'check the address, the model and the voice',
  'bad-response': 'check the address',
};

/** Failure for an HTTP answer that is not a success. */
export function failureOfStatus(
  identity: EngineIdentity,
  status: number,
  details: { readonly code?: string; readonly retryAfterMs?: number } = {},
): ProviderError {
  const category = categoryOfStatus(status, details.code);
  const advice = adviceByCategory[category];
  const message = `answered ${status}${details.code === undefined ? '' : ` (${details.code})`}${advice === undefined ? '' : `; ${advice}`}`;
  return engineFailure(identity, category, message, { status, retryAfterMs: details.retryAfterMs });
}

/**
 * Failure for anything thrown while talking to an engine. The thrown error itself is not kept as the
 * cause: parsers put pieces of the answer, which may be speech, into theirs. Its code says enough.
 */
export function failureOfThrown(
  identity: EngineIdentity,
  thrown: unknown,
  origin: string,
  signal: AbortSignal,
): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (signal.aborted) return engineFailure(identity, 'cancelled', 'the caller cancelled the request');
  if (thrown instanceof DeadlineError) return engineFailure(identity, 'timeout', thrown.message);
  const code = codeOf(thrown);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return engineFailure(identity, 'timeout', `no connection to ${origin} in time (${code})`);
  if (thrown instanceof RangeError) return engineFailure(identity, 'bad-response', thrown.message);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'ERR_INVALID_URL')
    return engineFailure(
      identity,
      'invalid-request',
      'the key or the address has characters that HTTP cannot carry',
    );
  if (thrown instanceof errors.HTTPParserError)
    return engineFailure(identity, 'bad-response', `${origin} does not speak HTTP`);
  return engineFailure(
    identity,
    'connectivity',
    `connection to ${origin} failed (${code ?? nameOf(thrown)})`,
  );
}

/** Machine-readable code of an error or of the first of its causes that has one. */
function codeOf(thrown: unknown): string | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,60}$/.test(error.code))
      return error.code;
  }
  return undefined;
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}
