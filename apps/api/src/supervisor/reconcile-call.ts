/** One look at one call: who is in its room, what follows from that, and doing it. */
import type { WorkerId } from '@sophy/contracts/ids';
import { type OpenCall, saveCall } from '@sophy/db/calls';
import type { Database } from '@sophy/db/database';
import { placeAgent, placeSuccessor } from '@sophy/db/slots';
import type { CallRecord } from '@sophy/fleet/call-record';
import { decide } from '@sophy/fleet/decide';
import type { Logger } from '@sophy/telemetry/logger';
import type { ApiMetrics } from '@sophy/telemetry/metrics';
import type { RoomGateway, RoomPeople } from './room-gateway.ts';

export type SupervisorMetrics = Pick<
  ApiMetrics,
  | 'dispatches'
  | 'agentArrivalSeconds'
  | 'calls'
  | 'callsQueued'
  | 'fleetSlots'
  | 'callWithoutAgentSeconds'
  | 'ghostsRemoved'
  | 'handOvers'
  | 'dependencyUp'
>;

export type ReconcileDependencies = {
  readonly database: Database;
  readonly rooms: RoomGateway;
  readonly logger: Logger;
  readonly metrics: SupervisorMetrics;
  /** Takes over work that nobody has to wait for and sees to its failure. */
  readonly inBackground: (work: Promise<void>) => void;
};

/** An agent that was given a slot in this look and is to be dispatched. */
type PlacedAgent = { readonly epoch: number; readonly workerId: WorkerId; readonly isSuccessor: boolean };

/**
 * Decides and acts; returns the call as it stands afterwards. `people` must have been listed after the call was read.
 * Rejects with what the database or LiveKit throws; whatever was left undone then is seen and done at the next look.
 */
export async function reconcileCall(
  dependencies: ReconcileDependencies,
  open: OpenCall,
  people: RoomPeople,
  heartbeatsPossibleSinceMs: number,
): Promise<CallRecord> {
  const { database, rooms, logger, metrics } = dependencies;
  const { call } = open;
  const { roomName, id: callId } = call;
  const observation = {
    humanCount: people.humans.length,
    agentIdentities: people.agents,
    heartbeatsPossibleSinceMs,
    startingEpochs: open.startingEpochs,
  };
  let current = call;
  let agent: PlacedAgent | undefined;
  for (const command of decide(call, observation, open.nowMs)) {
    switch (command.type) {
      // Somebody else has decided in the meantime, on a newer reading: what follows is then void.
      case 'record-call':
        if (!(await saveCall(database, command.call, open.revision))) return call;
        current = command.call;
        break;
      case 'place-agent': {
        const placement = await placeAgent(database, command.call, open, command.doubtedWorkerId);
        if (placement.outcome === 'superseded') return call;
        current = placement.call;
        const { workerId, epoch } = current;
        if (placement.outcome === 'placed' && workerId !== null)
          agent = { epoch, workerId, isSuccessor: false };
        break;
      }
      case 'place-successor': {
        const placement = await placeSuccessor(database, command.call, open);
        if (placement.outcome === 'superseded') return call;
        current = placement.call;
        if (placement.outcome === 'placed' && current.successor !== null)
          agent = { ...current.successor, isSuccessor: true };
        metrics.handOvers.inc({ outcome: agent === undefined ? 'no-slot' : 'sent' });
        break;
      }
      case 'remove-agent':
        logger.warn({ roomName, callId, identity: command.identity }, 'ghost agent removed');
        metrics.ghostsRemoved.inc();
        await rooms.removeParticipant(roomName, command.identity);
        break;
      case 'send-agent': {
        if (agent === undefined) break;
        const { epoch, workerId, isSuccessor } = agent;
        await rooms.sendAgent(workerId, { callId, epoch, roomName, ...(isSuccessor ? { isSuccessor } : {}) });
        metrics.dispatches.inc({ reason: command.reason });
        break;
      }
      case 'clear-dispatches': {
        // LiveKit asks of a room that is gone for 3 s; its dispatches went with it.
        const isRoomGone = people.humans.length === 0 && people.agents.length === 0;
        if (!isRoomGone)
          dependencies.inBackground(rooms.clearDispatches(roomName, callId, command.keepEpochs));
        break;
      }
    }
  }
  await tell(dependencies, call, current);
  return current;
}

/** What changed, to the log, the metrics and the people in the room. */
async function tell(
  { logger, metrics, rooms }: ReconcileDependencies,
  before: CallRecord,
  after: CallRecord,
): Promise<void> {
  const { state, epoch, workerId, agentSeenAtMs, dispatchedAtMs, roomName, id: callId } = after;
  if (state === 'live' && before.state === 'dispatched' && agentSeenAtMs !== null) {
    metrics.agentArrivalSeconds.observe((agentSeenAtMs - (dispatchedAtMs ?? agentSeenAtMs)) / 1_000);
  }
  if (state !== before.state || epoch !== before.epoch) {
    logger.info({ roomName, callId, state, epoch, workerId, from: before.state }, 'call changed');
  }
  if (after.queuedSinceMs !== before.queuedSinceMs && state !== 'ended') {
    logger.info({ roomName, callId, queuedSinceMs: after.queuedSinceMs }, 'call queue changed');
    await rooms.showMetadata(roomName, { waitingForAgentSinceMs: after.queuedSinceMs });
  }
}
