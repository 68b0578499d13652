/** What the policy knows about a room between two events. Immutable: each event makes a new one. */
import type { ReplyId, SpeakerId, TurnId, UtteranceId } from '@sophy/contracts/ids';
import type { AgentState } from '@sophy/contracts/room-messages';
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

/** What a speaker has said since their last committed turn. */
export type PendingTurn = {
  /** Given when a reply is prepared, and kept until the turn commits. */
  readonly turnId: TurnId | undefined;
  /** In order of first arrival. */
  readonly utterances: readonly Utterance[];
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
  readonly prepared: { readonly replyId: ReplyId; readonly turn: Turn } | undefined;
};

/** A span in which somebody is answered without the agent's name. */
export type OpenWindow = {
  readonly untilMs: number;
  /** Time is up, but the speaker began a turn before that: it still counts, then the window closes. */
  readonly isOver: boolean;
};

export type SpeakerState = {
  readonly name: string;
  /** Room clock of the first voiced sample while the person speaks. */
  readonly speakingSinceMs: number | undefined;
  readonly pending: PendingTurn | undefined;
  /** Utterances of the last committed turn: late words of these belong to it and are dropped. */
  readonly closedUtterances: readonly UtteranceId[];
  readonly wakeWindow: OpenWindow | undefined;
};

/** A reply that was started and has not ended. */
export type ActiveReply = {
  readonly replyId: ReplyId;
  readonly turn: Turn;
  /** Rule that ordered it. */
  readonly rule: string;
  readonly isDucked: boolean;
  /** Rule that ordered its stop, once one did. */
  readonly stoppedBy: string | undefined;
};

export type TimerPurpose = 'end-of-turn' | 'transcript-wait' | 'barge-in' | 'wake' | 'follow-up';
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
    followUp: undefined,
  };
}
