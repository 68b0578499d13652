/**
 * The life of a call, as one pure decision.
 *
 * A call is open from the first human in a room until no human has been there for 20 s. While it is open, exactly one
 * epoch is current. LiveKit's dispatch is a wish and may vanish without an error, so only the agent's presence in the
 * room (and, once it has begun, its heartbeat) is believed.
 *
 * - `waiting`: no agent of this epoch has been asked for. It is sent as soon as `retryAtMs` has come and a human is there.
 * - `dispatched`: asked for. Seen in the room → `live`. Not seen in time → the epoch has failed.
 * - `live`: was seen. Gone from the room, or its lease ran out → the epoch has failed.
 * - `ended`: final. No human for 20 s leads here from every other state, once.
 *
 * When an epoch fails, the next one becomes current in the same step (so every write of the old one is refused from
 * then on), its agent is put out of the room, and the next is sent: at once the first time, then after a pause that
 * grows from 0.25 s to 4 s. It never gives up while a human is there. An agent that stayed for 10 s starts the count
 * anew. While the room is empty nothing is sent and nothing fails: what is missing is seen when a human returns.
 *
 * Any agent of ours in the room that is not of the current epoch of the open call is a ghost and is removed whenever it
 * is seen, whoever let it in: a zombie worker, a dispatch that LiveKit repeated, an earlier call.
 */
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { CallRecord } from './call-record.ts';
import type { DispatchReason, FleetCommand } from './fleet-command.ts';
import { arrivalTimeoutMs, backOffMs, fleetTiming } from './fleet-timing.ts';
import type { RoomObservation } from './room-observation.ts';

/**
 * What to do about a call, given who is in its room. The observation must have been made after the record was read.
 * @param nowMs Unix ms of the database's clock.
 */
export function decide(
  call: CallRecord,
  observation: RoomObservation,
  nowMs: number,
): readonly FleetCommand[] {
  const step = advance(call, observation, nowMs);
  const commands: FleetCommand[] = [];
  if (step.call !== call) commands.push({ type: 'record-call', call: step.call });
  for (const identity of observation.agentIdentities) {
    if (isGhost(step.call, identity)) commands.push({ type: 'remove-agent', identity });
  }
  if (step.send !== null) {
    commands.push({ type: 'send-agent', epoch: step.call.epoch, reason: step.send });
  }
  if (step.call.state === 'ended' && call.state !== 'ended') {
    commands.push({ type: 'clear-dispatches', keepEpoch: null });
  } else if (step.call.epoch !== call.epoch) {
    commands.push({ type: 'clear-dispatches', keepEpoch: step.call.epoch });
  }
  return commands;
}

/** The record after this moment (the very same object when nothing changed) and why an agent is sent, if one is. */
type Step = { readonly call: CallRecord; readonly send: DispatchReason | null };

function advance(call: CallRecord, observation: RoomObservation, nowMs: number): Step {
  if (call.state === 'ended') return { call, send: null };
  if (observation.humanCount === 0) return { call: emptied(call, nowMs), send: null };
  const peopled = call.emptySinceMs === null ? call : { ...call, emptySinceMs: null };
  const isPresent = observation.agentIdentities.some((identity) => isCurrent(peopled, identity));
  switch (call.state) {
    case 'waiting':
      return send(peopled, peopled.failures === 0 ? 'call-opened' : 'retry', nowMs);
    case 'dispatched': {
      if (isPresent) return { call: { ...peopled, state: 'live', agentSeenAtMs: nowMs }, send: null };
      const lateAtMs = (peopled.dispatchedAtMs ?? nowMs) + arrivalTimeoutMs(peopled.failures);
      return nowMs >= lateAtMs ? fail(peopled, 'agent-late', nowMs) : { call: peopled, send: null };
    }
    case 'live':
      if (!isPresent) return fail(peopled, 'agent-lost', nowMs);
      if (hasLeaseRunOut(peopled, observation, nowMs)) return fail(peopled, 'lease-ran-out', nowMs);
      return { call: peopled, send: null };
  }
}

function emptied(call: CallRecord, nowMs: number): CallRecord {
  if (call.emptySinceMs === null) return { ...call, emptySinceMs: nowMs };
  if (nowMs - call.emptySinceMs < fleetTiming.emptyGraceMs) return call;
  return { ...call, state: 'ended', endReason: 'room-empty', retryAtMs: null };
}

/** Makes the next epoch current and sends its agent, now or after the pause that is due. */
function fail(call: CallRecord, reason: DispatchReason, nowMs: number): Step {
  const hasStayed = call.agentSeenAtMs !== null && nowMs - call.agentSeenAtMs >= fleetTiming.stableAfterMs;
  const failures = (hasStayed ? 0 : call.failures) + 1;
  const next: CallRecord = {
    ...call,
    state: 'waiting',
    epoch: call.epoch + 1,
    workerId: null,
    leaseUntilMs: null,
    dispatchedAtMs: null,
    agentSeenAtMs: null,
    failures,
    retryAtMs: nowMs + backOffMs(failures),
  };
  return send(next, reason, nowMs);
}

function send(call: CallRecord, reason: DispatchReason, nowMs: number): Step {
  if (call.retryAtMs !== null && nowMs < call.retryAtMs) return { call, send: null };
  return { call: { ...call, state: 'dispatched', dispatchedAtMs: nowMs, retryAtMs: null }, send: reason };
}

function hasLeaseRunOut(call: CallRecord, observation: RoomObservation, nowMs: number): boolean {
  if (call.leaseUntilMs === null) return false;
  const renewableUntilMs = observation.heartbeatsPossibleSinceMs + fleetTiming.leaseGraceMs;
  return nowMs > Math.max(call.leaseUntilMs, renewableUntilMs);
}

function isCurrent(call: CallRecord, identity: string): boolean {
  const agent = parseAgentIdentity(identity);
  return agent !== undefined && agent.callId === call.id && agent.epoch === call.epoch;
}

/** Ours, and not the agent of the current epoch of an open call. */
function isGhost(call: CallRecord, identity: string): boolean {
  if (parseAgentIdentity(identity) === undefined) return false;
  return call.state === 'ended' || !isCurrent(call, identity);
}
