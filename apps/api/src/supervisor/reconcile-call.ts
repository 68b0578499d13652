/** One look at one call: who is in its room, what follows from that, and doing it. */
import { type OpenCall, saveCall } from '@sophy/db/calls';
import type { Database } from '@sophy/db/database';
import { decide } from '@sophy/fleet/decide';
import type { Logger } from '@sophy/telemetry/logger';
import type { ApiMetrics } from '@sophy/telemetry/metrics';
import type { RoomGateway, RoomPeople } from './room-gateway.ts';

export type SupervisorMetrics = Pick<ApiMetrics, 'dispatches' | 'agentArrivalSeconds' | 'calls'>;

export type ReconcileDependencies = {
  readonly database: Database;
  readonly rooms: RoomGateway;
  readonly logger: Logger;
  readonly metrics: SupervisorMetrics;
  /** Takes over work that nobody has to wait for and sees to its failure. */
  readonly inBackground: (work: Promise<void>) => void;
};

/**
 * Decides and acts. `people` must have been listed after the call was read. Rejects with what the database or LiveKit
 * throws; whatever was left undone then is seen and done at the next look.
 */
export async function reconcileCall(
  dependencies: ReconcileDependencies,
  open: OpenCall,
  people: RoomPeople,
  heartbeatsPossibleSinceMs: number,
): Promise<void> {
  const { database, rooms, logger, metrics } = dependencies;
  const { call } = open;
  const observation = {
    humanCount: people.humans.length,
    agentIdentities: people.agents,
    heartbeatsPossibleSinceMs,
  };
  for (const command of decide(call, observation, open.nowMs)) {
    const { roomName, id: callId } = call;
    switch (command.type) {
      case 'record-call': {
        // Somebody else has decided in the meantime, on a newer reading: what follows here is void.
        if (!(await saveCall(database, command.call, open.revision))) return;
        const { state, epoch, agentSeenAtMs, dispatchedAtMs } = command.call;
        if (state === 'live' && call.state === 'dispatched' && agentSeenAtMs !== null) {
          metrics.agentArrivalSeconds.observe((agentSeenAtMs - (dispatchedAtMs ?? agentSeenAtMs)) / 1_000);
        }
        if (state !== call.state || epoch !== call.epoch) {
          logger.info({ roomName, callId, state, epoch, from: call.state }, 'call changed');
        }
        break;
      }
      case 'remove-agent':
        logger.warn({ roomName, callId, identity: command.identity }, 'ghost agent removed');
        await rooms.removeParticipant(roomName, command.identity);
        break;
      case 'send-agent':
        await rooms.sendAgent({ callId, epoch: command.epoch, roomName });
        metrics.dispatches.inc({ reason: command.reason });
        break;
      case 'clear-dispatches': {
        const keep = command.keepEpoch === null ? null : { callId, epoch: command.keepEpoch };
        // LiveKit asks of a room that is gone for 3 s; its dispatches went with it.
        const isRoomGone = people.humans.length === 0 && people.agents.length === 0;
        if (!isRoomGone) dependencies.inBackground(rooms.clearDispatches(roomName, keep));
        break;
      }
    }
  }
}
