/** The key under which a receiver recognises a wish that it is asked for again. */
import { createHash } from 'node:crypto';

/** The same for the same tool and arguments (in whatever order) in the same turn of the same call. 32 hex digits. */
export function idempotencyKey(wish: {
  readonly callId: string;
  readonly turnId: string;
  readonly tool: string;
  readonly given: unknown;
}): string {
  const text = JSON.stringify([wish.callId, wish.turnId, wish.tool, sorted(wish.given)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
