/** What the database remembers of a call, as a value. All times are Unix ms of the database's clock. */
import type { CallId, WorkerId } from '@sophy/contracts/ids';

/** See `decide.ts` for what each state means and how they follow each other. */
export type CallState = 'waiting' | 'dispatched' | 'live' | 'ended';

export type CallRecord = {
  readonly id: CallId;
  readonly roomName: string;
  readonly state: CallState;
  /** Epoch of the agent that is in the room, on its way, or will be sent next. Starts at 1, never goes back. */
  readonly epoch: number;
  /** Worker that holds the lease; null before the first heartbeat of this epoch. */
  readonly workerId: WorkerId | null;
  /** Until when the agent of this epoch is believed without another heartbeat; null before the first one. */
  readonly leaseUntilMs: number | null;
  /** When the agent of this epoch was asked for. */
  readonly dispatchedAtMs: number | null;
  /** When the agent of this epoch was first seen in the room. */
  readonly agentSeenAtMs: number | null;
  /** Epochs that failed one after another, without one that stayed. */
  readonly failures: number;
  /** In state `waiting`: when the next agent may be sent. */
  readonly retryAtMs: number | null;
  /** Since when no human has been in the room; null while one is. */
  readonly emptySinceMs: number | null;
  readonly endReason: CallEndReason | null;
};

export type CallEndReason = 'room-empty';
