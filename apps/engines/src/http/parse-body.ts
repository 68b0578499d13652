/** Parses a request body or form once, at the edge. */
import type { z } from 'zod';
import { EngineError } from '../engine-error.ts';

/** Throws `EngineError` invalid_request that names every field and what is expected of it. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new EngineError('invalid_request', problems.join('; '));
}
