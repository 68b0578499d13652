/**
 * The life of a call, as one pure decision.
 *
 * A call is open from the first human in a room until no human has been there for 20 s. While it is open, exactly one
 * epoch is current. LiveKit's dispatch is a wish and may vanish without an error, so only the agent's presence in the
 * room, its heartbeat, and its worker's word that it is gone are believed.
 *
 * - `waiting`: the agent of this epoch has not been asked for. As soon as `retryAtMs` has come and a human is there, a
 *   slot is leased for it; without a free slot the call stays here, in a queue.
 * - `dispatched`: has a slot on a worker and was asked for. Seen in the room → `live`. Not seen in time → failed; a job
 *   that its worker says it has is given longer, since a busy machine starts it slowly and its death would be told.
 * - `live`: was seen. Gone from the room, reported gone, or its lease ran out → the epoch has failed.
 * - `ended`: final. No human for 20 s leads here from every other state, once.
 *
 * When an epoch fails, the next one becomes current in the same step (so every write of the old one is refused from
 * then on), its agent is put out of the room, and the next is sent: at once the first time, then after a pause that
 * grows from 0.25 s to 4 s. It never gives up while a human is there. An agent that stayed for 10 s starts the count
 * anew. While the room is empty nothing is sent and nothing fails: what is missing is seen when a human returns.
 *
 * An agent that wants to be relieved (`handOverSinceMs`) gets a successor with an epoch of its own beside it. The
 * successor is silent and writes nothing until the agent gives the call up, which makes the successor's epoch current
 * (`promoted`). Should the agent be lost meanwhile, a successor that is in the room has the call at once. One that does
 * not come or goes again is forgotten, and the next is sent.
 *
 * LiveKit without its memory (a Redis that was emptied) lists no room while people talk in it. So a room counts as empty
 * only if the agent's heartbeat does not say that it sees people.
 *
 * Any agent of ours in the room that is neither of the current epoch nor the successor is a ghost and is removed
 * whenever it is seen, whoever let it in: a zombie worker, a dispatch that LiveKit repeated, an earlier call.
 */
import { agentIdentity, parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { CallRecord } from './call-record.ts';
import type { DispatchReason, FleetCommand } from './fleet-command.ts';
import { arrivalTimeoutMs, backOffMs, fleetTiming } from './fleet-timing.ts';
import { promoted } from './placement.ts';
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
  if (step.place === 'agent') {
    const isDoubted = step.call.epoch !== call.epoch && call.agentGoneAtMs === null;
    const doubtedWorkerId = isDoubted ? call.workerId : null;
    commands.push({ type: 'place-agent', call: step.call, doubtedWorkerId });
  }
  if (step.place === 'successor') commands.push({ type: 'place-successor', call: step.call });
  if (step.place === undefined && step.call !== call) commands.push({ type: 'record-call', call: step.call });
  for (const identity of observation.agentIdentities) {
    if (isGhost(step.call, identity)) commands.push({ type: 'remove-agent', identity });
  }
  if (step.reason !== undefined) commands.push({ type: 'send-agent', reason: step.reason });
  const keepEpochs = step.call.state === 'ended' ? [] : epochsOf(step.call);
  const isAnyDispatchStale = epochsOf(call).some((epoch) => !keepEpochs.includes(epoch));
  if (call.state !== 'ended' && isAnyDispatchStale) commands.push({ type: 'clear-dispatches', keepEpochs });
  return commands;
}

/** The record after this moment (the very same object when nothing changed), and for whom a slot is to be leased and why. */
type Step =
  | { readonly call: CallRecord; readonly place?: undefined; readonly reason?: undefined }
  | { readonly call: CallRecord; readonly place: 'agent' | 'successor'; readonly reason: DispatchReason };

function advance(call: CallRecord, observation: RoomObservation, nowMs: number): Step {
  if (call.state === 'ended') return { call };
  if (observation.humanCount === 0 && !agentSeesHumans(call, nowMs)) return { call: emptied(call, nowMs) };
  const peopled = call.emptySinceMs === null ? call : { ...call, emptySinceMs: null };
  // LiveKit lists nobody and the agent sees people: it has forgotten the room, and tells nothing about agents either.
  if (observation.humanCount === 0) return { call: peopled };
  const isPresent = isInRoom(peopled, peopled.epoch, observation);
  switch (call.state) {
    case 'waiting':
      return place(peopled, peopled.failures === 0 ? 'call-opened' : 'retry', nowMs);
    case 'dispatched': {
      if (peopled.agentGoneAtMs !== null) return fail(peopled, 'agent-gone', nowMs);
      if (isPresent) return { call: seen(peopled, nowMs) };
      const isStarting = observation.startingEpochs.includes(peopled.epoch);
      const lateAtMs = (peopled.dispatchedAtMs ?? nowMs) + arrivalTimeoutMs(isStarting);
      return nowMs >= lateAtMs ? fail(peopled, 'agent-late', nowMs) : { call: peopled };
    }
    case 'live': {
      const loss = lossOf(peopled, isPresent, observation, nowMs);
      if (loss === undefined) return relieve(peopled, observation, nowMs);
      const { successor } = peopled;
      const isSuccessorThere = successor !== null && isInRoom(peopled, successor.epoch, observation);
      const taken = isSuccessorThere ? promoted(peopled, nowMs) : undefined;
      return taken === undefined ? fail(peopled, loss, nowMs) : { call: taken };
    }
  }
}

/** Why the agent of the current epoch does not count any more, if it does not. */
function lossOf(
  call: CallRecord,
  isPresent: boolean,
  observation: RoomObservation,
  nowMs: number,
): DispatchReason | undefined {
  if (call.agentGoneAtMs !== null) return 'agent-gone';
  if (!isPresent) return 'agent-lost';
  return hasLeaseRunOut(call, observation, nowMs) ? 'lease-ran-out' : undefined;
}

function seen(call: CallRecord, nowMs: number): CallRecord {
  return {
    ...call,
    state: 'live',
    agentSeenAtMs: nowMs,
    agentlessSinceMs: null,
    leaseUntilMs: Math.max(call.leaseUntilMs ?? 0, nowMs + fleetTiming.firstLeaseMs),
  };
}

/** Sees to the successor of an agent that wants to be relieved. One without a heartbeat would never be given the call. */
function relieve(call: CallRecord, observation: RoomObservation, nowMs: number): Step {
  if (call.handOverSinceMs === null) return { call };
  const { successor } = call;
  if (successor === null) return { call, place: 'successor', reason: 'hand-over' };
  const isPresent = isInRoom(call, successor.epoch, observation);
  const believedUntilMs =
    successor.readyAtMs === null
      ? successor.sentAtMs + arrivalTimeoutMs(observation.startingEpochs.includes(successor.epoch))
      : successor.readyAtMs + fleetTiming.successorSilenceMs;
  const renewableUntilMs = observation.heartbeatsPossibleSinceMs + fleetTiming.leaseGraceMs;
  const isSilent = nowMs >= Math.max(believedUntilMs, renewableUntilMs);
  const isGone = isSilent || (!isPresent && successor.readyAtMs !== null);
  return { call: isGone ? { ...call, successor: null } : call };
}

/** A heartbeat renews this for as long as a lease. */
function agentSeesHumans({ humansSeenAtMs }: CallRecord, nowMs: number): boolean {
  return humansSeenAtMs !== null && nowMs - humansSeenAtMs < fleetTiming.leaseMs;
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
  const epoch = call.latestEpoch + 1;
  const next: CallRecord = {
    ...call,
    state: 'waiting',
    epoch,
    latestEpoch: epoch,
    workerId: null,
    leaseUntilMs: null,
    dispatchedAtMs: null,
    agentSeenAtMs: null,
    agentGoneAtMs: null,
    agentlessSinceMs: call.agentlessSinceMs ?? nowMs,
    handOverSinceMs: null,
    successor: null,
    failures,
    retryAtMs: nowMs + backOffMs(failures),
  };
  return place(next, reason, nowMs);
}

function place(call: CallRecord, reason: DispatchReason, nowMs: number): Step {
  const isTooEarly = call.retryAtMs !== null && nowMs < call.retryAtMs;
  return isTooEarly ? { call } : { call, place: 'agent', reason };
}

function hasLeaseRunOut(call: CallRecord, observation: RoomObservation, nowMs: number): boolean {
  if (call.leaseUntilMs === null) return false;
  const renewableUntilMs = observation.heartbeatsPossibleSinceMs + fleetTiming.leaseGraceMs;
  return nowMs > Math.max(call.leaseUntilMs, renewableUntilMs);
}

/** The epochs whose agents belong into the room, or may be on their way. */
function epochsOf(call: CallRecord): readonly number[] {
  return call.successor === null ? [call.epoch] : [call.epoch, call.successor.epoch];
}

function isInRoom(call: CallRecord, epoch: number, observation: RoomObservation): boolean {
  return observation.agentIdentities.includes(agentIdentity({ callId: call.id, epoch }));
}

/** Ours, and neither the agent of the current epoch of an open call nor its successor. */
function isGhost(call: CallRecord, identity: string): boolean {
  const welcome = call.state === 'ended' ? [] : epochsOf(call);
  if (welcome.some((epoch) => agentIdentity({ callId: call.id, epoch }) === identity)) return false;
  return parseAgentIdentity(identity) !== undefined;
}
