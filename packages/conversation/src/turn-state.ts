/** What the policy knows about a room between two events. Immutable: each event makes a new one. */
import type { ReplyId, SpeakerId, TurnId, UtteranceId } from '@sophy/contracts/ids';
import type { AgentState, HearingState, WaitReason } from '@sophy/contracts/room-messages';
import type { PolicySettings } from './policy-settings.ts';
import type { Turn } from './turn-event.ts';

export type Utterance = {
  readonly utteranceId: UtteranceId;
  /** Latest words, interim or final. */
  readonly text: string;
  /** False while only interim words have come since the person last went on. */
  readonly isFinal: boolean;
  readonly language: string | undefined;
};

/** The agent's reply at the moment somebody began to speak over it. */
export type Overlap = {
  /** The voice had begun to sound; else the agent was still thinking. */
  readonly isAudible: boolean;
  /** The agent had just asked something, so that a "yes" is an answer. */
  readonly afterQuestion: boolean;
  /** It sounded like the agent itself. */
  readonly isOwnVoice: boolean;
};

/** What a speaker has said since their last committed turn. */
export type PendingTurn = {
  /** Given when a reply is prepared, and kept until the turn commits. */
  readonly turnId: TurnId | undefined;
  /** In order of first arrival. */
  readonly utterances: readonly Utterance[];
  /** Room clock of the first voiced sample; undefined where voice activity saw nothing. */
  readonly firstVoiceMs: number | undefined;
  /** Room clock of the last voiced sample; undefined while no stretch of speech has ended. */
  readonly lastVoiceMs: number | undefined;
  /** Room clock at the latest words: stands in where voice activity saw nothing. */
  readonly lastWordsMs: number;
  /** A stretch of speech has ended and its final words have not come. */
  readonly awaitsTranscript: boolean;
  /** Final words came while the present stretch still sounded: a streaming engine ahead of voice activity. */
  readonly isTranscriptAhead: boolean;
  /** Utterances whose final words came while the present stretch sounds. */
  readonly finalsInStretch: readonly UtteranceId[];
  /** How likely the latest pause ends the turn, by its sound; undefined: not known. */
  readonly endProbability: number | undefined;
  /** The speaker was the only person when the turn began. */
  readonly beganAlone: boolean;
  /** The turn began over a reply, or right behind it. */
  readonly overlap: Overlap | undefined;
  readonly prepared: { readonly replyId: ReplyId; readonly turn: Turn } | undefined;
};

/** A span in which somebody is answered without the agent's name. */
export type OpenWindow = {
  readonly untilMs: number;
  /** Time is up, but the speaker began a turn before that: it still counts, then the window closes. */
  readonly isOver: boolean;
};

/** Speech over a reply, from its onset until it is known what to make of it. */
export type Onset = {
  readonly onsetMs: number;
  /** Room clock of its last voiced sample, once it fell silent. */
  readonly endedMs: number | undefined;
  /** The voice was held for it. */
  readonly isDucking: boolean;
  /** Rule that let the reply go on; later words may still stop it. */
  readonly settledBy: string | undefined;
  /** How much it sounds like the agent's own voice, 0 to 1. */
  readonly likeness: number | undefined;
};

export type SpeakerState = {
  readonly name: string;
  /** Room clock of the first voiced sample while the person speaks. */
  readonly speakingSinceMs: number | undefined;
  readonly pending: PendingTurn | undefined;
  /** Utterances of the last committed turn: late words of these belong to it and are dropped. */
  readonly closedUtterances: readonly UtteranceId[];
  readonly wakeWindow: OpenWindow | undefined;
  readonly isHandRaised: boolean;
  readonly onset: Onset | undefined;
  /** Stretches in a row that held no words, or only the agent's own voice. */
  readonly wordlessStretches: number;
  /** Utterances in a row that recognition failed on. */
  readonly failures: number;
  /** How the room sees that the person is heard. */
  readonly hearing: HearingState;
  /** Why the pending turn waits, as the room knows it. */
  readonly waiting: WaitReason | undefined;
};

/** A reply that was started and has not ended. */
export type ActiveReply = {
  readonly replyId: ReplyId;
  readonly turn: Turn;
  /** Rule that ordered it. */
  readonly rule: string;
  readonly isDucked: boolean;
  /** Its first sample has left for the room. */
  readonly isAudible: boolean;
  /** The piece that sounds now. */
  readonly piece: string;
  /** A piece of it asked to confirm something. */
  readonly asksConfirmation: boolean;
  /** Rule that ordered its stop, once one did. */
  readonly stoppedBy: string | undefined;
};

/** What people last heard of the agent. */
export type SpokenWords = {
  /** Latest words that sounded, at most a few hundred characters. */
  readonly text: string;
  /** Room clock when the voice ended; undefined while it sounds. */
  readonly endedMs: number | undefined;
};

/** A turn to be answered once the reply under way is over. */
export type QueuedTurn = { readonly turn: Turn; readonly rule: string };

/** A turn that was committed a moment ago, kept to know the same words from another microphone. */
export type RecentTurn = {
  readonly speaker: SpeakerId;
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
};

export type TimerPurpose =
  | 'end-of-turn'
  | 'transcript-wait'
  | 'barge-in'
  | 'peek'
  | 'patience'
  | 'wordless'
  | 'prepare'
  | 'wake'
  | 'follow-up';
export type Timer = {
  readonly purpose: TimerPurpose;
  readonly speaker: SpeakerId;
  readonly atMs: number;
};

export type TurnState = {
  readonly settings: PolicySettings;
  readonly idPrefix: string;
  readonly nextTurnNumber: number;
  readonly nextReplyNumber: number;
  readonly isDraining: boolean;
  readonly agentState: AgentState;
  /** Humans in the room, in order of arrival. */
  readonly speakers: ReadonlyMap<SpeakerId, SpeakerState>;
  readonly timers: ReadonlyMap<string, Timer>;
  readonly reply: ActiveReply | undefined;
  readonly queue: readonly QueuedTurn[];
  readonly spoken: SpokenWords | undefined;
  readonly recentTurns: readonly RecentTurn[];
  /** The last turn that was left without an answer: what "answer now" means. */
  readonly unanswered: Turn | undefined;
  /** To be said once the reply under way is over. */
  readonly farewell: { readonly text: string; readonly language: string } | undefined;
  readonly followUp: (OpenWindow & { readonly speaker: SpeakerId }) | undefined;
};

/** An empty room in which the agent listens. Ids come out as `<idPrefix>t1`, `<idPrefix>r1`, ... */
export function initialTurnState(options: { settings: PolicySettings; idPrefix: string }): TurnState {
  return {
    settings: options.settings,
    idPrefix: options.idPrefix,
    nextTurnNumber: 1,
    nextReplyNumber: 1,
    isDraining: false,
    agentState: 'listening',
    speakers: new Map(),
    timers: new Map(),
    reply: undefined,
    queue: [],
    spoken: undefined,
    recentTurns: [],
    unanswered: undefined,
    farewell: undefined,
    followUp: undefined,
  };
}

/** Somebody who has just come in. */
export function newSpeaker(name: string): SpeakerState {
  return {
    name,
    speakingSinceMs: undefined,
    pending: undefined,
    closedUtterances: [],
    wakeWindow: undefined,
    isHandRaised: false,
    onset: undefined,
    wordlessStretches: 0,
    failures: 0,
    hearing: 'silent',
    waiting: undefined,
  };
}
