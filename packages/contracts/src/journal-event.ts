/**
 * The journal of a call: everything that matters, appended as it happens.
 * Chats, timing, recovery and the timeline are readings of it.
 */
import { z } from 'zod';
import { effectStates } from './effect-state.ts';
import { engineUsageSchema } from './engine-usage.ts';
import { decisionActions, evidenceSchema } from './room-messages.ts';

const times = {
  /** Turn id that the event belongs to, where it belongs to one. */
  turnId: z.string(),
};

/** Where the time of one answered turn went. */
export const timingEventSchema = z.object({
  type: z.literal('timing'),
  ...times,
  replyId: z.string(),
  /** All in ms; null where the stage did not run (a typed message has no stt). */
  endOfTurnMs: z.number().nullable(),
  sttMs: z.number().nullable(),
  llmFirstTokenMs: z.number().nullable(),
  llmMs: z.number().nullable(),
  ttsFirstAudioMs: z.number().nullable(),
  ttsAudioMs: z.number().nullable(),
  /** From the last voiced sample of the turn to the first sample of the reply leaving the worker. */
  totalMs: z.number().nullable(),
});

export const journalEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call-start'), roomName: z.string(), agentIdentity: z.string() }),
  z.object({ type: z.literal('call-end'), reason: z.string() }),
  z.object({ type: z.literal('speaker-join'), speaker: z.string(), name: z.string() }),
  z.object({ type: z.literal('speaker-leave'), speaker: z.string() }),
  z.object({
    type: z.literal('turn'),
    ...times,
    speaker: z.string(),
    name: z.string(),
    text: z.string(),
    source: z.enum(['voice', 'typed']),
    language: z.string().nullable(),
    settingsVersion: z.number().int(),
  }),
  z.object({
    type: z.literal('decision'),
    ...times,
    speaker: z.string(),
    rule: z.string(),
    action: z.enum(decisionActions),
    evidence: evidenceSchema,
  }),
  /** A wake or follow-up window opened (until a moment in Unix time, ms) or closed (null). */
  z.object({
    type: z.literal('window'),
    window: z.enum(['wake', 'follow-up']),
    speaker: z.string(),
    untilMs: z.number().nullable(),
  }),
  z.object({ type: z.literal('hand'), speaker: z.string(), isRaised: z.boolean() }),
  /** A private typed message was answered; its words stay between the two. */
  z.object({ type: z.literal('private-exchange'), ...times, speaker: z.string() }),
  z.object({
    type: z.literal('reply-start'),
    ...times,
    replyId: z.string(),
    settingsVersion: z.number().int(),
    engines: z.record(z.string(), z.string()),
    /** Reply of a dead agent whose unheard rest this one says. */
    continues: z.string().optional(),
  }),
  /** The next words of a started reply as the model gave them; complete: there are no more. */
  z.object({
    type: z.literal('reply-text'),
    replyId: z.string(),
    text: z.string(),
    isComplete: z.boolean(),
  }),
  /** How much of a reply people have heard by now: characters of its texts, joined by single blanks. */
  z.object({ type: z.literal('reply-heard'), replyId: z.string(), heardCharacters: z.number().int() }),
  z.object({
    type: z.literal('reply-end'),
    ...times,
    replyId: z.string(),
    outcome: z.enum(['complete', 'interrupted', 'failed']),
    /** What was generated. */
    generatedText: z.string(),
    /** What people heard of it; this is what the chat and the context hold. */
    heardText: z.string(),
  }),
  timingEventSchema,
  z.object({
    type: z.literal('engine-error'),
    stage: z.enum(['stt', 'llm', 'tts']),
    engine: z.string(),
    code: z.string(),
    category: z.string(),
    isRetryable: z.boolean(),
  }),
  /** One request to an engine and what it costs. */
  engineUsageSchema.extend({
    type: z.literal('usage'),
    /** Turn and reply that it was for, where it was for any. */
    turnId: z.string().nullable(),
    replyId: z.string().nullable(),
    /** Millionths of a dollar; null: not known, which is not 0. */
    costMicroUsd: z.number().int().nonnegative().nullable(),
    /** Price table that it was reckoned with. */
    priceVersion: z.string(),
  }),
  /** A budget is nearly or wholly spent. In millionths of a dollar, of requests whose cost is known. */
  z.object({
    type: z.literal('budget'),
    budget: z.enum(['call', 'day']),
    state: z.enum(['near', 'spent']),
    spentMicroUsd: z.number().int(),
    budgetMicroUsd: z.number().int(),
  }),
  /** Another engine than the chosen one served a request, or went on in the middle of an answer. */
  z.object({
    type: z.literal('engine-takeover'),
    stage: z.enum(['stt', 'llm', 'tts']),
    from: z.string(),
    to: z.string(),
    isMidway: z.boolean(),
  }),
  /** A tool: what became of one call of it. Arguments and results are in the table of effects. */
  z.object({
    type: z.literal('effect'),
    ...times,
    replyId: z.string(),
    effectId: z.string(),
    tool: z.string(),
    state: z.enum(effectStates),
  }),
  z.object({ type: z.literal('settings-applied'), settingsVersion: z.number().int() }),
  /**
   * The agent leaves a call that may go on: what it lets go of after this (a reply, windows, hands) its successor takes
   * up. Reason `hand-over`: the successor is there, nobody in the room has to notice.
   */
  z.object({ type: z.literal('agent-leaving'), reason: z.string() }),
]);
export type JournalEvent = z.infer<typeof journalEventSchema>;
