/**
 * What happens in a room, as the policy sees it. `atMs` is the room's one monotonic clock at delivery;
 * every event reaches the policy through the room's single inbox, in order.
 */
import type { ReplyId, SpeakerId, TurnId, UtteranceId } from '@sophy/contracts/ids';
import type { PolicySettings } from './policy-settings.ts';

export type TurnEvent =
  | {
      readonly type: 'speaker-join';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly name: string;
    }
  | { readonly type: 'speaker-leave'; readonly atMs: number; readonly speaker: SpeakerId }
  /** Voice activity begins; `onsetMs` is the first voiced sample. */
  | {
      readonly type: 'speech-start';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly onsetMs: number;
    }
  /** Voice activity ends; `lastVoiceMs` is the last voiced sample. */
  | {
      readonly type: 'speech-end';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly lastVoiceMs: number;
      /**
       * Utterance whose final words are owed for this stretch of speech. Words of it that came since the stretch began
       * count as these. Left out: any final words that came while nothing else was owed do.
       */
      readonly utteranceId?: UtteranceId | undefined;
    }
  /** Words so far of an utterance that is still being heard; replaces the one before. */
  | {
      readonly type: 'transcript-delta';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly utteranceId: UtteranceId;
      readonly text: string;
      /** Language code such as `it`, as far as the words tell. */
      readonly language?: string | undefined;
    }
  /** Words of an utterance as recognition stands by them. A later one with the same id replaces it: the person went on. */
  | {
      readonly type: 'transcript-end';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly utteranceId: UtteranceId;
      readonly text: string;
      readonly language: string | undefined;
    }
  | {
      readonly type: 'transcript-failed';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly utteranceId: UtteranceId;
    }
  /** A message typed into the room's chat. */
  | {
      readonly type: 'typed-message';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly messageId: string;
      readonly text: string;
      /** Language code such as `it`, as far as it is known. */
      readonly language?: string | undefined;
      /** To the agent alone: answered in writing to this person alone. */
      readonly isPrivate?: boolean;
    }
  /** What the sound of a pause says: how likely the person has finished, 0 to 1. About the latest pause. */
  | {
      readonly type: 'end-of-turn-estimate';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly probability: number;
    }
  /** How much a microphone's sound is like the agent's voice played just now, 0 to 1. About the present or latest stretch of speech. */
  | {
      readonly type: 'echo-estimate';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly likeness: number;
    }
  /** The first sample of a reply has left for the room. */
  | { readonly type: 'playout-start'; readonly atMs: number; readonly replyId: ReplyId }
  /** A piece of a reply becomes audible, in order. */
  | {
      readonly type: 'reply-piece';
      readonly atMs: number;
      readonly replyId: ReplyId;
      readonly text: string;
    }
  /** A reply is over: played to its end, cut, or failed. Comes exactly once for each started reply. */
  | {
      readonly type: 'reply-end';
      readonly atMs: number;
      readonly replyId: ReplyId;
      readonly outcome: 'complete' | 'interrupted' | 'failed';
      readonly heardText: string;
    }
  /** The agent is to say a fixed sentence to whoever is there, as a call begins. */
  | { readonly type: 'greeting'; readonly atMs: number; readonly text: string }
  /** The agent is to take its leave after the reply under way: it says this and answers nobody any more. */
  | { readonly type: 'farewell'; readonly atMs: number; readonly text: string; readonly language: string }
  | TakeOver
  /** Somebody pressed the stop-speaking button. */
  | { readonly type: 'stop-request'; readonly atMs: number; readonly speaker: SpeakerId }
  /** Somebody raises or lowers a hand: the next turn of a raised hand is answered. */
  | {
      readonly type: 'hand-raise';
      readonly atMs: number;
      readonly speaker: SpeakerId;
      readonly isRaised: boolean;
    }
  /** Somebody wants the agent to answer now, addressed or not. */
  | { readonly type: 'answer-request'; readonly atMs: number; readonly speaker: SpeakerId }
  | { readonly type: 'timer-fired'; readonly atMs: number; readonly timerId: string }
  | { readonly type: 'settings-change'; readonly atMs: number; readonly settings: PolicySettings }
  /** The worker drains: no new reply begins after this. */
  | { readonly type: 'drain'; readonly atMs: number };

/** The call was another agent's until a moment ago. Comes once, at the beginning; all moments on this room's clock. */
export type TakeOver = {
  readonly type: 'take-over';
  readonly atMs: number;
  readonly reason: 'crash' | 'hand-over';
  /** How long nobody was there, ms. */
  readonly absentMs: number;
  readonly windows: readonly {
    readonly window: 'wake' | 'follow-up';
    readonly speaker: SpeakerId;
    readonly untilMs: number;
  }[];
  readonly raisedHands: readonly SpeakerId[];
  /** Turns that were to be answered, in order. */
  readonly owed: readonly Turn[];
  /** The reply that was under way. */
  readonly cut:
    | (Continuation & {
        /** Undefined for a greeting. */
        readonly turn: Turn | undefined;
        /** What is left to say; undefined where the model had not finished. */
        readonly restText: string | undefined;
      })
    | undefined;
  /** Said after a crash where nothing else is. */
  readonly sorry: { readonly text: string; readonly language: string };
};

/** What a reply goes on from. */
export type Continuation = {
  /** The replies before, oldest first. */
  readonly replyIds: readonly string[];
  /** What was heard of them. */
  readonly heardText: string;
};

/** A turn as it is answered and recorded. */
export type Turn = {
  readonly turnId: TurnId;
  readonly speaker: SpeakerId;
  readonly name: string;
  readonly text: string;
  readonly language: string | undefined;
  readonly source: 'voice' | 'typed';
  /** Room clock at the last voiced sample, or at arrival of a typed message. */
  readonly endedAtMs: number;
};
