/** Talks to the service: sends JSON, parses the answer with its contract schema, throws `ApiError` only. */
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

const requestTimeoutMs = 15_000;

/** A proxy in front of a stopped service answers 502 or 504: to the person it is simply not there. */
const gatewayStatuses = new Set([502, 504]);

/** Sends the request and gives the response when its status is 2xx. Throws `ApiError`. */
export async function requestRaw(path: string, options: RequestOptions = {}): Promise<Response> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      signal,
      headers: options.body === undefined ? {} : { 'content-type': 'application/json' },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError('unreachable', 0, '', { cause });
  }
  if (response.ok) return response;
  const text = await response.text();
  const { detail, code } = refusalOf(text);
  if (gatewayStatuses.has(response.status) || (response.status === 500 && detail === null)) {
    throw new ApiError('unreachable', response.status, '');
  }
  throw new ApiError('refused', response.status, detail ?? response.statusText, { code });
}

/** Gives the contract schema of an answer, loaded when the first answer needs it: the first page draws without it. */
export type SchemaLoader<T> = () => Promise<z.ZodType<T>>;

/** Sends the request and parses the JSON answer. Throws `ApiError`. */
export async function requestJson<T>(
  loadSchema: SchemaLoader<T>,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const [schema, response] = await Promise.all([load(loadSchema), requestRaw(path, options)]);
  let json: unknown;
  try {
    json = await response.json();
  } catch (cause) {
    throw new ApiError('malformed', response.status, path, { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ApiError('malformed', response.status, path, { cause: parsed.error });
  return parsed.data;
}

async function load<T>(loadSchema: SchemaLoader<T>): Promise<z.ZodType<T>> {
  try {
    return await loadSchema();
  } catch (cause) {
    // Code comes from the same service: when it does not load, the service is not there.
    throw new ApiError('unreachable', 0, '', { cause });
  }
}

/** The `{"detail": "...", "code": "..."}` that every refusal carries; null for a proxy's own error page. */
function refusalOf(text: string): { readonly detail: string | null; readonly code: string | null } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return { detail: null, code: null };
    return {
      detail: 'detail' in body && typeof body.detail === 'string' ? body.detail : null,
      code: 'code' in body && typeof body.code === 'string' ? body.code : null,
    };
  } catch {
    // An HTML error page has no detail to show.
    return { detail: null, code: null };
  }
}
