/** `/api/chats` and its messages. */
import { z } from 'zod';
import { chatIdSchema } from './ids.ts';
import { boundedText, visibleName } from './text.ts';

export const chatSummarySchema = z.object({
  id: chatIdSchema,
  title: z.string(),
  room_name: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  message_count: z.number().int(),
});
export type ChatSummary = z.infer<typeof chatSummarySchema>;

export const chatListQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(30),
  /** `next_cursor` of the page before. */
  cursor: z.string().max(200).optional(),
  /** Text to look for in titles and messages. */
  search: boundedText(200).optional(),
});
export const chatListResponseSchema = z.object({
  chats: z.array(chatSummarySchema),
  next_cursor: z.string().nullable(),
});
export type ChatListResponse = z.infer<typeof chatListResponseSchema>;

export const chatMessageSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant', 'system']),
  content: z.string(),
  /** Name of the person who said it; null for the agent. */
  speaker: z.string().nullable(),
  created_at: z.string(),
  /** True where the reply was cut: `content` is what people heard of it. */
  interrupted: z.boolean(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export const chatResponseSchema = chatSummarySchema.extend({ messages: z.array(chatMessageSchema) });
export type ChatResponse = z.infer<typeof chatResponseSchema>;

export const chatCreateRequestSchema = z.object({
  title: visibleName(200).optional(),
  room_name: visibleName(128).optional(),
});
export const chatCreatedResponseSchema = z.object({
  status: z.literal('ok'),
  id: chatIdSchema,
  title: z.string(),
});
export const chatRenameRequestSchema = z.object({ title: visibleName(200) });
export const messageCreateRequestSchema = z.object({
  role: chatMessageSchema.shape.role,
  content: boundedText(50_000).min(1),
  speaker: visibleName(64).nullish(),
});
export const messageCreatedResponseSchema = z.object({ status: z.literal('ok'), id: z.string() });
export const chatExportQuerySchema = z.object({
  format: z.enum(['txt', 'md', 'json', 'vtt']).default('txt'),
});
