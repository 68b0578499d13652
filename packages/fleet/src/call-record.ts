/** What the database remembers of a call, as a value. All times are Unix ms of the database's clock. */
import type { CallId, WorkerId } from '@sophy/contracts/ids';

/** See `decide.ts` for what each state means and how they follow each other. */
export type CallState = 'waiting' | 'dispatched' | 'live' | 'ended';

/** The agent that is to take a call over from one that is alive: joins in silence and waits to be given the call. */
export type Successor = {
  readonly epoch: number;
  readonly workerId: WorkerId;
  readonly sentAtMs: number;
  /** Its latest heartbeat; null before the first one. */
  readonly readyAtMs: number | null;
};

export type CallRecord = {
  readonly id: CallId;
  readonly roomName: string;
  readonly state: CallState;
  /** Epoch of the agent that is in the room, on its way, or will be sent next. Starts at 1, never goes back. */
  readonly epoch: number;
  /** Highest epoch given to any agent of this call, successors included: the next one is above it. */
  readonly latestEpoch: number;
  /** Worker on which the agent of this epoch holds a slot; null while none does. */
  readonly workerId: WorkerId | null;
  /** Until when the agent of this epoch is believed without another heartbeat; null before it was seen. */
  readonly leaseUntilMs: number | null;
  /** When the agent of this epoch was asked for. */
  readonly dispatchedAtMs: number | null;
  /** When the agent of this epoch was first seen in the room. */
  readonly agentSeenAtMs: number | null;
  /** When its worker said that the agent of this epoch is gone. */
  readonly agentGoneAtMs: number | null;
  /** Since when the call has had no agent in its room, over all epochs that failed; null while one is there. */
  readonly agentlessSinceMs: number | null;
  /** Epochs that failed one after another, without one that stayed. */
  readonly failures: number;
  /** In state `waiting`: when the next agent may be sent. */
  readonly retryAtMs: number | null;
  /** In state `waiting`: since when no worker has a slot for it. */
  readonly queuedSinceMs: number | null;
  /** Since when the agent of this epoch wants to be relieved: its worker drains. */
  readonly handOverSinceMs: number | null;
  readonly successor: Successor | null;
  /** When the agent last said that it sees a human; null when it said that it sees none. */
  readonly humansSeenAtMs: number | null;
  /** Since when no human has been in the room; null while one is. */
  readonly emptySinceMs: number | null;
  readonly endReason: CallEndReason | null;
};

export type CallEndReason = 'room-empty';
