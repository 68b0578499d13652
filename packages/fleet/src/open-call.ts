/** The record of a call at its opening. */
import type { CallId } from '@sophy/contracts/ids';
import type { CallRecord } from './call-record.ts';

/** A call opens when a human is in a room that has no open call. Its first agent may be sent at once. */
export function openCall(id: CallId, roomName: string, nowMs: number): CallRecord {
  return {
    id,
    roomName,
    state: 'waiting',
    epoch: 1,
    latestEpoch: 1,
    workerId: null,
    leaseUntilMs: null,
    dispatchedAtMs: null,
    agentSeenAtMs: null,
    agentGoneAtMs: null,
    agentlessSinceMs: nowMs,
    failures: 0,
    retryAtMs: nowMs,
    queuedSinceMs: null,
    handOverSinceMs: null,
    successor: null,
    humansSeenAtMs: null,
    emptySinceMs: null,
    endReason: null,
  };
}
