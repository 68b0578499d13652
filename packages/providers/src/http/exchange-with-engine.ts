/** One HTTP request to an engine, from its deadlines to its failures. */
import type { IncomingHttpHeaders } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { connectionPool } from './connection-pool.ts';
import { Deadline } from './deadline.ts';
import { type EngineIdentity, failureOfStatus, failureOfThrown } from './engine-failure.ts';
import type { EngineTimeouts } from './engine-timeouts.ts';
import { retryAfterMs } from './retry-after.ts';

export type EngineRequest = {
  readonly identity: EngineIdentity;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeouts: EngineTimeouts;
  /** What the answer deadline waits for, for its message, e.g. `first audio`. */
  readonly awaited: string;
  /** Statuses that are answers although HTTP counts them as failures. */
  readonly acceptedStatuses?: readonly number[];
  readonly signal: AbortSignal;
};

export type EngineAnswer = {
  /** A success, or one of `acceptedStatuses`. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Tells that something useful came: from now on only a stall is late. */
  progress(): void;
};

const errorBodyBytes = 16_384;
/** An answer whose last word was read has this long to end, so that its connection can be used again. */
const lingerMs = 250;

/**
 * Sends a request and reads its answer with `read`. The connection goes back to the pool when the
 * answer was read to its end and is closed when the caller stops early, `read` throws or a deadline passes.
 * @throws ProviderError, whatever goes wrong.
 */
export async function* exchangeWithEngine<T>(
  options: EngineRequest,
  read: (answer: EngineAnswer) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const { identity, signal, timeouts } = options;
  const deadline = new Deadline();
  const connection = new AbortController();
  let isRead = false;
  try {
    signal.throwIfAborted();
    deadline.expect(options.awaited, timeouts.answerMs);
    const response = await request(options.url, {
      dispatcher: connectionPool(timeouts.connectMs),
      method: options.method,
      headers: options.headers,
      body: options.body ?? null,
      signal: AbortSignal.any([signal, deadline.signal, connection.signal]),
    });
    const { statusCode, headers } = response;
    const chunks: AsyncIterator<Uint8Array> = response.body[Symbol.asyncIterator]();
    // Without `return`, so that a reader that has enough leaves the rest of the answer to be drained.
    const unfinished = { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) };
    const isSuccess = statusCode >= 200 && statusCode <= 299;
    if (!isSuccess && options.acceptedStatuses?.includes(statusCode) !== true) {
      const code = await errorCode(unfinished);
      throw failureOfStatus(identity, statusCode, { code, retryAfterMs: retryAfterMs(headers, Date.now()) });
    }
    const progress = () => deadline.expect('further piece of the answer', timeouts.stallMs);
    yield* read({ status: statusCode, headers, chunks: unfinished, progress });
    isRead = true;
    void drain(chunks, connection);
    // The pool has the connection back a turn of the event loop after the last byte: the next request can use it.
    await nextTurn();
  } catch (thrown) {
    const reason: unknown = deadline.signal.aborted ? deadline.signal.reason : thrown;
    throw failureOfThrown(identity, reason, originOf(options.url), signal);
  } finally {
    deadline.clear();
    if (!isRead) connection.abort();
  }
}

/** Reads what is left of an answer; one that does not end soon loses its connection. Never rejects. */
async function drain(chunks: AsyncIterator<Uint8Array>, connection: AbortController): Promise<void> {
  const timer = setTimeout(() => connection.abort(), lingerMs);
  try {
    for (let next = await chunks.next(); next.done !== true; ) next = await chunks.next();
  } catch {
    // The answer is complete already: a failure of its tail costs the connection and nothing else.
    connection.abort();
  } finally {
    clearTimeout(timer);
  }
}

/** Like `exchangeWithEngine`, for an answer that is read as a whole. */
export async function askEngine<T>(
  options: EngineRequest,
  read: (answer: EngineAnswer) => Promise<T>,
): Promise<T> {
  const answers = exchangeWithEngine(options, async function* (answer) {
    yield { value: await read(answer) };
  });
  // Read on to the end: leaving at the first value would close the connection.
  let first: { readonly value: T } | undefined;
  for await (const answer of answers) first = answer;
  if (first === undefined) throw new Error('an exchange ended without an answer or a failure');
  return first.value;
}

/** Whole body as text; stops with a `RangeError` above `maxBytes`. */
export async function readText(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError(`answer is longer than ${maxBytes} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

const errorBodySchema = z.object({
  error: z.object({ code: z.unknown(), type: z.unknown() }).partial(),
});

/** The service's error code. Its message is left out: services quote the request in it. */
async function errorCode(chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readText(chunks, errorBodyBytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
  const body = errorBodySchema.safeParse(parsed);
  if (!body.success) return undefined;
  return machineName(body.data.error.code) ?? machineName(body.data.error.type);
}

/** A value when it is a short identifier such as `insufficient_quota`, so that no free text passes. */
export function machineName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z0-9_.]{1,59}$/.test(value) ? value : undefined;
}

/** Address for messages: scheme, host and port without any credential or path. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that is not a URL';
}
