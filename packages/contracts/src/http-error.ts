/** Shapes that several routes share. */
import { z } from 'zod';

export const errorResponseSchema = z.object({ detail: z.string() });
export type ErrorResponse = z.infer<typeof errorResponseSchema>;
export const okResponseSchema = z.object({ status: z.literal('ok') });
