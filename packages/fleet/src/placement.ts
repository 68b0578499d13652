/** The record of a call after its agent was given a slot on a worker, or was not. */
import type { WorkerId } from '@sophy/contracts/ids';
import type { CallRecord } from './call-record.ts';
import { fleetTiming } from './fleet-timing.ts';

/** A worker has a slot: the agent of the current epoch goes there. */
export function placed(call: CallRecord, workerId: WorkerId, nowMs: number): CallRecord {
  return {
    ...call,
    state: 'dispatched',
    workerId,
    dispatchedAtMs: nowMs,
    retryAtMs: null,
    queuedSinceMs: null,
  };
}

/** No worker has one: the call waits, and keeps its place among those that do. */
export function queued(call: CallRecord, nowMs: number): CallRecord {
  return { ...call, queuedSinceMs: call.queuedSinceMs ?? nowMs };
}

/** A worker has a slot for the agent that is to take over. */
export function successorPlaced(call: CallRecord, workerId: WorkerId, nowMs: number): CallRecord {
  const epoch = call.latestEpoch + 1;
  return {
    ...call,
    latestEpoch: epoch,
    successor: { epoch, workerId, sentAtMs: nowMs, readyAtMs: null },
  };
}

/** The successor has the call now: the agent before it gave it up or is lost. Undefined where there is none. */
export function promoted(call: CallRecord, nowMs: number): CallRecord | undefined {
  const { successor } = call;
  if (successor === null) return undefined;
  return {
    ...call,
    state: 'live',
    epoch: successor.epoch,
    workerId: successor.workerId,
    leaseUntilMs: nowMs + fleetTiming.firstLeaseMs,
    dispatchedAtMs: successor.sentAtMs,
    agentSeenAtMs: nowMs,
    agentGoneAtMs: null,
    agentlessSinceMs: null,
    handOverSinceMs: null,
    successor: null,
  };
}
