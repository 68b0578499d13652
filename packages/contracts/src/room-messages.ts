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
/** Remote procedure on the agent: raise or lower one's hand. The next turn of a raised hand is answered. Payload: `RaiseHandRequest` in JSON. */
export const raiseHandMethod = 'sophy.raise_hand';
export const raiseHandRequestSchema = z.strictObject({ raised: z.boolean() });
export type RaiseHandRequest = z.infer<typeof raiseHandRequestSchema>;
/** Remote procedure on the agent: answer now, to what was said last, addressed or not. No payload. */
export const answerNowMethod = 'sophy.answer_now';
/**
 * Private words, as text streams: from a person to the agent's identity alone, and the answer to that person alone.
 * The answer carries `segmentIdAttribute`, and grows like a caption.
 */
export const privateTopic = 'sophy.private';

export const agentStates = ['initializing', 'listening', 'thinking', 'speaking'] as const;
export type AgentState = (typeof agentStates)[number];
/** In place of a state: this agent is silent and waits to take the call over from the one that has it. */
export const standbyState = 'standby';
/** Data topic on which an agent tells its successor that it has the call now. A hint: the database says so too. */
export const handOverTopic = 'sophy.hand-over';

/** Numbers in ms, matched names, waits: what a decision was made on. Never a whole transcript. */
export const evidenceSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What the policy does with a turn or with speech over a reply. `drop`: a queued turn is not answered after all. */
export const decisionActions = ['answer', 'silent', 'stop', 'resume', 'ignore', 'drop'] as const;
export type DecisionAction = (typeof decisionActions)[number];

/** Why a turn is not taken for over yet. */
export const waitReasons = [
  'complete',
  'question',
  'unfinished-sentence',
  'dictation',
  'hesitation',
  'uncertain',
] as const;
export type WaitReason = (typeof waitReasons)[number];

/**
 * How the agent hears somebody. `noisy`: sound without words, or the agent's own voice from a loudspeaker, so that only
 * words interrupt; `failing`: recognition fails on this microphone.
 */
export const hearingStates = ['silent', 'hearing', 'noisy', 'failing'] as const;
export type HearingState = (typeof hearingStates)[number];

/** Things that everybody in the room may want to see. */
export const roomNoticeSchema = z.discriminatedUnion('type', [
  /** What the policy decided about a turn and which rule did. */
  z.object({
    type: z.literal('decision'),
    turnId: z.string(),
    speaker: z.string(),
    rule: z.string(),
    action: z.enum(decisionActions),
    evidence: evidenceSchema,
  }),
  /** A turn waits for more: why, and until when (Unix time); null: it waits no longer. */
  z.object({
    type: z.literal('waiting'),
    speaker: z.string(),
    reason: z.enum(waitReasons),
    untilMs: z.number().nullable(),
  }),
  /** Somebody raised or lowered a hand. */
  z.object({ type: z.literal('hand'), speaker: z.string(), isRaised: z.boolean() }),
  /** Who waits for an answer while another reply is spoken, in order. */
  z.object({ type: z.literal('queue'), speakers: z.array(z.string()) }),
  /** How the agent hears somebody now. */
  z.object({ type: z.literal('hearing'), speaker: z.string(), state: z.enum(hearingStates) }),
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
  z.object({
    type: z.literal('engine-trouble'),
    stage: z.enum(['stt', 'llm', 'tts']),
    code: z.string(),
    /** Whose words it was about; null where it was about nobody's. */
    speaker: z.string().nullable(),
  }),
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

/** What the fleet says of a room in its metadata, where an agent cannot say it since there is none yet. */
export const roomMetadataSchema = z.object({
  /** Every agent is busy: since when the call waits for one (Unix time, ms). */
  waitingForAgentSinceMs: z.number().nullable().optional(),
});
export type RoomMetadata = Readonly<z.infer<typeof roomMetadataSchema>>;
