/** Shapes that several routes share. */
import { z } from 'zod';

export const errorResponseSchema = z.object({
  detail: z.string(),
  /** Tells refusals with one status apart, for programs. */
  code: z.string().optional(),
});
export const okResponseSchema = z.object({ status: z.literal('ok') });
