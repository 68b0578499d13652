/** Topics, attributes and payloads that travel inside a LiveKit room. LiveKit's own names are kept where they exist. */
import { z } from 'zod';

/** Typed messages, both ways. LiveKit's name. */
export const chatTopic = 'lk.chat';
/** Captions: one text stream per segment, signed with the speaker's identity. LiveKit's name. */
export const transcriptionTopic = 'lk.transcription';
/** Attributes of a caption stream. LiveKit's names. */
export const segmentIdAttribute = 'lk.segment_id';
export const transcriptionFinalAttribute = 'lk.transcription_final';
export const transcribedTrackIdAttribute = 'lk.transcribed_track_id';
/** Participant attribute of the agent. LiveKit's name. */
export const agentStateAttribute = 'lk.agent.state';
/** Why the agent is in that state: a rule name such as `follow-up-window`. */
export const agentReasonAttribute = 'sophy.agent.reason';
/** Name of the language model that is the brain, as people should see it, e.g. `demo brain`. */
export const agentBrainAttribute = 'sophy.agent.brain';
/** Data packets of `RoomNotice` in JSON, from the agent to everybody. */
export const noticeTopic = 'sophy.notice';
/** Remote procedure on the agent: stop speaking now. Any human may call it; no payload. */
export const stopSpeakingMethod = 'sophy.stop_speaking';

export const agentStates = ['initializing', 'listening', 'thinking', 'speaking'] as const;
export type AgentState = (typeof agentStates)[number];

/** Things that everybody in the room may want to see. */
export const roomNoticeSchema = z.discriminatedUnion('type', [
  /** What the policy decided about a turn and which rule did. */
  z.object({
    type: z.literal('decision'),
    turnId: z.string(),
    speaker: z.string(),
    rule: z.string(),
    action: z.enum(['answer', 'silent', 'stop', 'resume', 'ignore']),
  }),
  /** A wake or follow-up window opened or closed; `untilMs` is Unix time. */
  z.object({
    type: z.literal('window'),
    window: z.enum(['wake', 'follow-up']),
    speaker: z.string(),
    untilMs: z.number().nullable(),
  }),
  /** A reply was cut; `heardText` is what people heard of it. */
  z.object({ type: z.literal('interrupted'), replyId: z.string(), heardText: z.string() }),
  /** An engine failed; the code names stage and kind, e.g. `llm.connectivity`. */
  z.object({ type: z.literal('engine-trouble'), stage: z.enum(['stt', 'llm', 'tts']), code: z.string() }),
  /** Where the time of one turn went, ms. */
  z.object({
    type: z.literal('timing'),
    turnId: z.string(),
    endOfTurnMs: z.number(),
    sttMs: z.number(),
    llmMs: z.number(),
    ttsMs: z.number(),
    totalMs: z.number(),
  }),
]);
export type RoomNotice = z.infer<typeof roomNoticeSchema>;
