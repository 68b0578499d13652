/** What the page shows of each person and of the agent, read from the LiveKit room. */
import {
  type AgentState,
  agentBrainAttribute,
  agentReasonAttribute,
  agentStateAttribute,
  agentStates,
  standbyState,
} from '@sophy/contracts/room-messages';
import { type Participant, type Room, Track } from 'livekit-client';

export type PersonView = {
  readonly identity: string;
  readonly name: string;
  readonly isLocal: boolean;
  readonly isSpeaking: boolean;
  /** 0 to 1, as the server measures it. */
  readonly audioLevel: number;
  readonly microphone: 'on' | 'muted' | 'none';
};

export type AgentView = {
  readonly identity: string;
  readonly name: string;
  readonly state: AgentState;
  /** Name of the rule that put it there; empty where it does not say. */
  readonly reason: string;
  /** Name of its language model; empty where it does not say. */
  readonly brain: string;
};

/** People in the order in which they came, oneself first. */
export function peopleIn(room: Room): PersonView[] {
  const others = [...room.remoteParticipants.values()]
    .filter((participant) => !participant.isAgent)
    .sort((one, other) => (one.joinedAt?.getTime() ?? 0) - (other.joinedAt?.getTime() ?? 0));
  return [room.localParticipant, ...others].map((participant) => ({
    identity: participant.identity,
    name: participant.name || participant.identity,
    isLocal: participant.isLocal,
    isSpeaking: participant.isSpeaking,
    audioLevel: participant.audioLevel,
    microphone: microphoneOf(participant),
  }));
}

function microphoneOf(participant: Participant): PersonView['microphone'] {
  const publication = participant.getTrackPublication(Track.Source.Microphone);
  if (!publication) return 'none';
  return publication.isMuted ? 'muted' : 'on';
}

/** The agent that serves the room: not one that waits to take over; after a recovery the old one can linger, so the newest counts. */
export function agentIn(room: Room): AgentView | null {
  const agents = [...room.remoteParticipants.values()].filter(
    (participant) => participant.isAgent && participant.attributes[agentStateAttribute] !== standbyState,
  );
  const newest = agents.sort(
    (one, other) => (other.joinedAt?.getTime() ?? 0) - (one.joinedAt?.getTime() ?? 0),
  )[0];
  if (!newest) return null;
  const { attributes } = newest;
  return {
    identity: newest.identity,
    name: newest.name || 'Sophy',
    state: agentStates.find((state) => state === attributes[agentStateAttribute]) ?? 'initializing',
    reason: attributes[agentReasonAttribute] ?? '',
    brain: attributes[agentBrainAttribute] ?? '',
  };
}

/** Whether the fleet says that every agent is in a call and this room's turn will come. */
export function isQueuedForAgent(room: Room): boolean {
  if (!room.metadata) return false;
  try {
    const metadata: unknown = JSON.parse(room.metadata);
    return (
      typeof metadata === 'object' &&
      metadata !== null &&
      'waitingForAgentSinceMs' in metadata &&
      typeof metadata.waitingForAgentSinceMs === 'number'
    );
  } catch {
    // Another program's metadata, in a room that is not ours alone.
    return false;
  }
}
