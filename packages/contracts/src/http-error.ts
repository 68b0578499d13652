/** Shapes that several routes share. */
import { z } from 'zod';

export const errorResponseSchema = z.object({ detail: z.string() });
export const okResponseSchema = z.object({ status: z.literal('ok') });
