/** How long a service asked to wait before the next request. */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Reads `retry-after-ms` (OpenAI) or `Retry-After` (RFC 9110 section 10.2.3: seconds or a date).
 * @returns ms, never negative; undefined when neither is there or readable.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
