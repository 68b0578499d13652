/** `/api/calls`, their journal, and `/api/workers`. */
import { z } from 'zod';
import { callIdSchema } from './ids.ts';
import { journalEventSchema } from './journal-event.ts';
import { decisionActions } from './room-messages.ts';

const costSchema = z.object({
  /** Of requests whose cost is known. */
  known_usd: z.number().nonnegative(),
  /** Requests whose cost is not known: they are in no sum. */
  unknown_parts: z.number().int().nonnegative(),
});
/** What a call has cost until now. */
export const callCostSchema = costSchema.extend({
  by_stage: z.object({ stt: costSchema, llm: costSchema, tts: costSchema }),
  /** Price table of the latest request; null: no engine was asked. */
  price_version: z.string().nullable(),
});
export type CallCostSummary = z.infer<typeof callCostSchema>;

export const callSummarySchema = z.object({
  id: callIdSchema,
  room_name: z.string(),
  state: z.enum(['waiting', 'dispatched', 'live', 'ended']),
  /** Grows with every agent that was sent into the call. */
  epoch: z.number().int(),
  worker_id: z.string().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  cost: callCostSchema,
});
export type CallSummary = z.infer<typeof callSummarySchema>;

export const callListQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(30),
  cursor: z.string().max(200).optional(),
});
export const callListResponseSchema = z.object({
  calls: z.array(callSummarySchema),
  next_cursor: z.string().nullable(),
});

export const callParticipantSchema = z.object({
  identity: z.string(),
  name: z.string(),
  joined_at: z.string(),
  left_at: z.string().nullable(),
});
export const callResponseSchema = callSummarySchema.extend({ participants: z.array(callParticipantSchema) });

/** One entry of the journal; `payload` is a journal event without its type. */
export const callEventSchema = z.object({
  /** `<epoch>-<seq>`, in order; the id of server-sent events too. */
  id: z.string(),
  epoch: z.number().int(),
  seq: z.number().int(),
  at: z.string(),
  type: z.string(),
  payload: z.unknown(),
});
export type CallEvent = z.infer<typeof callEventSchema>;
const journalEventTypes = journalEventSchema.options.map(({ shape }) => shape.type.value);
export const callEventsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  /** Id of the last entry that the client has. */
  after: z
    .string()
    .regex(/^\d{1,9}-\d{1,9}$/)
    .optional()
    .describe('Id of the last entry that the client has: the page begins after it'),
  type: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.enum(journalEventTypes)).min(1).max(journalEventTypes.length).optional(),
    )
    .describe('Entries of this type only; may be given several times'),
  rule: z.string().min(1).max(100).optional().describe('Entries of which this rule of the policy decided'),
  action: z.enum(decisionActions).optional().describe('Entries that decided this'),
  speaker: z.string().min(1).max(200).optional().describe('Entries about the person with this identity'),
});
export const callEventsResponseSchema = z.object({ events: z.array(callEventSchema) });

export const workerSchema = z.object({
  id: z.string(),
  version: z.string(),
  slots: z.number().int(),
  active: z.number().int(),
  state: z.enum(['starting', 'ready', 'draining', 'stopped']),
  last_heartbeat: z.string(),
});
export const workersResponseSchema = z.object({ workers: z.array(workerSchema) });
