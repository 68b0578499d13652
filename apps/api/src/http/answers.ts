/** Response schemas of a route: one good answer and the shape of every refusal. */
import { errorResponseSchema } from '@sophy/contracts/http-error';
import type { z } from 'zod';

/** Output schemas also keep fields that are not in them from leaving the server. */
export function answers<Schema extends z.ZodType>(schema: Schema) {
  return { 200: schema, '4xx': errorResponseSchema, '5xx': errorResponseSchema } as const;
}
