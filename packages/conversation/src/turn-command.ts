/** What the policy orders. The effect runner carries commands out in order and reports back with events. */
import type { ReplyId, SpeakerId, TurnId } from '@sophy/contracts/ids';
import type { AgentState, DecisionAction, HearingState, WaitReason } from '@sophy/contracts/room-messages';
import type { Continuation, Turn } from './turn-event.ts';

/** Facts behind a decision, for the journal and the interface: numbers in ms, matched names, waits. Never a whole transcript. */
export type Evidence = Readonly<Record<string, string | number | boolean>>;

export type TurnCommand =
  | { readonly type: 'set-timer'; readonly timerId: string; readonly atMs: number }
  | { readonly type: 'clear-timer'; readonly timerId: string }
  /** Generate the reply but keep it silent and out of the journal: the turn is likely over, not yet certain. */
  | { readonly type: 'prepare-reply'; readonly replyId: ReplyId; readonly turn: Turn }
  /** Make the reply audible; generates it now where it was not prepared. The turn was recorded just before. */
  | {
      readonly type: 'start-reply';
      readonly replyId: ReplyId;
      readonly turn: Turn;
      /** Said word for word instead of asking the language model: a greeting. */
      readonly fixedText?: string;
      /** It goes on from what people heard of an agent that died. */
      readonly continues?: Continuation;
    }
  /** The farewell is over, heard or not: nothing more is to be spent on this call. */
  | { readonly type: 'hang-up' }
  /** Throw a prepared reply away without a trace. */
  | { readonly type: 'discard-reply'; readonly replyId: ReplyId }
  /** Answer a private message in writing, to its author alone. Nothing of it is recorded. */
  | { readonly type: 'start-private-reply'; readonly replyId: ReplyId; readonly turn: Turn }
  /** The words so far of somebody who speaks are wanted now: recognition that takes whole utterances tries the part it has. */
  | { readonly type: 'peek-utterance'; readonly speaker: SpeakerId }
  | { readonly type: 'duck-voice'; readonly replyId: ReplyId }
  | { readonly type: 'resume-voice'; readonly replyId: ReplyId }
  | { readonly type: 'stop-reply'; readonly replyId: ReplyId }
  /** Write the turn to journal and chat, answered or not. */
  | { readonly type: 'record-turn'; readonly turn: Turn }
  /** The speaker's audio up to here belongs to a committed turn, or held no words: the lane begins a new utterance. */
  | { readonly type: 'close-utterance'; readonly speaker: SpeakerId }
  | {
      readonly type: 'publish-decision';
      readonly turnId: TurnId;
      readonly speaker: SpeakerId;
      /** Name of the rule that decided, e.g. `only-human`. */
      readonly rule: string;
      readonly action: DecisionAction;
      readonly evidence: Evidence;
    }
  | { readonly type: 'publish-state'; readonly state: AgentState; readonly reason: string }
  /** A wake or follow-up window opens (`untilMs` on the room clock) or closes (undefined). */
  | {
      readonly type: 'publish-window';
      readonly window: 'wake' | 'follow-up';
      readonly speaker: SpeakerId;
      readonly untilMs: number | undefined;
    }
  /** A turn waits for more (`untilMs` on the room clock), or waits no longer (undefined). */
  | {
      readonly type: 'publish-waiting';
      readonly speaker: SpeakerId;
      readonly reason: WaitReason;
      readonly untilMs: number | undefined;
    }
  | { readonly type: 'publish-hand'; readonly speaker: SpeakerId; readonly isRaised: boolean }
  /** Who waits for an answer, in order. */
  | { readonly type: 'publish-queue'; readonly speakers: readonly SpeakerId[] }
  | { readonly type: 'publish-hearing'; readonly speaker: SpeakerId; readonly state: HearingState };
