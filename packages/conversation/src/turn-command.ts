/** What the policy orders. The effect runner carries commands out in order and reports back with events. */
import type { ReplyId, SpeakerId, TurnId } from '@sophy/contracts/ids';
import type { AgentState } from '@sophy/contracts/room-messages';
import type { Turn } from './turn-event.ts';

/** Facts behind a decision, for the journal and the interface: numbers in ms, matched names, waits. Never a whole transcript. */
export type Evidence = Readonly<Record<string, string | number | boolean>>;

export type DecisionAction = 'answer' | 'silent' | 'stop' | 'resume' | 'ignore';

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
    }
  /** Throw a prepared reply away without a trace. */
  | { readonly type: 'discard-reply'; readonly replyId: ReplyId }
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
    };
