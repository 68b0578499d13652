/** What the supervisor does next. Carried out in order; the record is saved first, so that the epoch fences before anything moves. */
import type { WorkerId } from '@sophy/contracts/ids';
import type { CallRecord } from './call-record.ts';

/** Why an agent is sent; label of the dispatch metric. */
export type DispatchReason =
  | 'call-opened'
  | 'agent-late'
  | 'agent-gone'
  | 'agent-lost'
  | 'lease-ran-out'
  | 'retry'
  | 'hand-over';

export type FleetCommand =
  /** Save this record in place of the one decided on. When it was changed meanwhile, drop the commands that follow. */
  | { readonly type: 'record-call'; readonly call: CallRecord }
  /**
   * Save this waiting record and lease a slot for its agent, both or neither: `placed` where there is a slot, `queued`
   * where there is none. When the record was changed meanwhile, drop the commands that follow.
   */
  | {
      readonly type: 'place-agent';
      readonly call: CallRecord;
      /** Worker whose agent was lost without a word from it: it may be dead, and gets the next one only with a fresh heartbeat. */
      readonly doubtedWorkerId: WorkerId | null;
    }
  /** The same for an agent beside the one that is alive: `successorPlaced`, or the record as it is where there is no slot. */
  | { readonly type: 'place-successor'; readonly call: CallRecord }
  /** Put a ghost out of the room: an agent of an older epoch or of an earlier call. */
  | { readonly type: 'remove-agent'; readonly identity: string }
  /** Ask LiveKit for the agent that was just placed; nothing where there was no slot. */
  | { readonly type: 'send-agent'; readonly reason: DispatchReason }
  /** Take back every dispatch of ours in the room but those of these epochs of this call. */
  | { readonly type: 'clear-dispatches'; readonly keepEpochs: readonly number[] };
