/** What the supervisor does next. Carried out in order; the record is saved first, so that the epoch fences before anything moves. */
import type { CallRecord } from './call-record.ts';

/** Why an agent is sent; label of the dispatch metric. */
export type DispatchReason = 'call-opened' | 'agent-late' | 'agent-lost' | 'lease-ran-out' | 'retry';

export type FleetCommand =
  /** Save this record in place of the one decided on. When it was changed meanwhile, drop the commands that follow. */
  | { readonly type: 'record-call'; readonly call: CallRecord }
  /** Put a ghost out of the room: an agent of an older epoch or of an earlier call. */
  | { readonly type: 'remove-agent'; readonly identity: string }
  /** Ask LiveKit for the agent of this epoch. */
  | { readonly type: 'send-agent'; readonly epoch: number; readonly reason: DispatchReason }
  /** Take back every dispatch of ours in the room but that of this epoch of this call (of every epoch when null). */
  | { readonly type: 'clear-dispatches'; readonly keepEpoch: number | null };
