/** Checks the JSON of an engine's answer. */
import type { z } from 'zod';
import { type EngineIdentity, engineFailure } from './engine-failure.ts';

/**
 * The answer as `schema` reads it.
 * @param what names the expected content for the message, e.g. `transcript`.
 * @throws ProviderError `bad-response` when the text is no JSON or has another shape.
 */
export function parseAnswer<T extends z.ZodType>(
  identity: EngineIdentity,
  text: string,
  schema: T,
  what: string,
): z.infer<T> {
  const parsed = schema.safeParse(jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  throw engineFailure(identity, 'bad-response', `the answer has no ${what}; check the address`);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
