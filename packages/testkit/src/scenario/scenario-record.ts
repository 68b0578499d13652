/** What was seen of a played scenario, the same whichever runner played it. Moments in ms from its start. */
import type { DecisionAction, HearingState, WaitReason } from '@sophy/contracts/room-messages';

export type RecordedDecision = {
  readonly atMs: number;
  readonly turnId: string;
  /** Id of the person in the scenario. */
  readonly person: string;
  readonly rule: string;
  readonly action: DecisionAction;
};

export type RecordedTurn = {
  readonly atMs: number;
  readonly turnId: string;
  readonly person: string;
  readonly text: string;
};

export type RecordedReply = {
  readonly replyId: string;
  readonly turnId: string;
  readonly rule: string | undefined;
  /** Moment of its first sound. */
  audibleMs: number | undefined;
  /** Moment after its last sound. */
  silentMs: number | undefined;
  outcome: 'complete' | 'interrupted' | 'failed' | undefined;
  /** What was generated. */
  text: string;
  /** What was heard of it, as it is stored. */
  heardText: string;
  /** Spans in which the voice was held. */
  readonly holds: { readonly fromMs: number; untilMs: number | undefined }[];
};

export type RecordedSign = { readonly atMs: number } & (
  | {
      readonly type: 'window';
      readonly window: 'wake' | 'follow-up';
      readonly person: string;
      readonly opens: boolean;
    }
  | { readonly type: 'hand'; readonly person: string; readonly isRaised: boolean }
  | { readonly type: 'hearing'; readonly person: string; readonly state: HearingState }
  | { readonly type: 'waits'; readonly person: string; readonly reason: WaitReason }
  | { readonly type: 'queue'; readonly people: readonly string[] }
  | { readonly type: 'private-reply'; readonly person: string; readonly text: string }
  | { readonly type: 'reply-discarded' }
);

export type ScenarioRecord = {
  readonly decisions: RecordedDecision[];
  readonly turns: RecordedTurn[];
  /** In the order in which they were started. */
  readonly replies: RecordedReply[];
  readonly signs: RecordedSign[];
};

export function emptyRecord(): ScenarioRecord {
  return { decisions: [], turns: [], replies: [], signs: [] };
}
