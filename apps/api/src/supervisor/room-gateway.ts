/** What the supervisor sees of rooms and does in them, over LiveKit's server API. */
import { ParticipantInfo_Kind } from '@livekit/protocol';
import type { CallId, WorkerId } from '@sophy/contracts/ids';
import {
  isDispatchOfFleet,
  type JobMetadata,
  jobMetadataSchema,
  workerDispatchName,
} from '@sophy/contracts/job-metadata';
import type { RoomMetadata } from '@sophy/contracts/room-messages';
import {
  AgentDispatchClient,
  type ParticipantInfo,
  ParticipantInfo_State,
  RoomServiceClient,
  ServerError,
} from 'livekit-server-sdk';
import { livekitHttpUrl } from '../livekit/livekit-address.ts';

const timeoutSeconds = 3;

/** Taking a dispatch back lets the server wait 3 s for the agent to leave by itself. */
const clearTimeoutSeconds = 5;

/** Who is in a room: people by identity, and everything of kind agent. */
export type RoomPeople = { readonly humans: readonly string[]; readonly agents: readonly string[] };

export type RoomGateway = {
  /** Every room there is. Whether anybody is in it has to be asked of each: LiveKit counts heads only every 5 s. */
  listRooms(): Promise<readonly string[]>;
  /** Empty where there is no such room. */
  listPeople(roomName: string): Promise<RoomPeople>;
  /** Returns when the participant is gone, also when it was gone before. */
  removeParticipant(roomName: string, identity: string): Promise<void>;
  /** Asks for the agent on the worker that holds its slot. */
  sendAgent(workerId: WorkerId, job: JobMetadata): Promise<void>;
  /** Takes back every dispatch of ours in the room but those of these epochs of this call. */
  clearDispatches(roomName: string, callId: CallId, keepEpochs: readonly number[]): Promise<void>;
  /** Shows people in the room how it stands, also those who come later. Returns also when the room is gone. */
  showMetadata(roomName: string, metadata: RoomMetadata): Promise<void>;
};

export type RoomGatewayOptions = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Workers register under names that begin with it. */
  readonly agentDispatchName: string;
};

/** LiveKit gives no answer, is in trouble, or refuses our key: nothing that is about one room. */
export class LivekitUnavailableError extends Error {
  override readonly name = 'LivekitUnavailableError';
  readonly code = 'livekit-unavailable';
  readonly category = 'dependency';
  readonly isRetryable = true;
}

/** Every method rejects with LivekitUnavailableError, or with the `ServerError` in which LiveKit says no. */
export function createRoomGateway(options: RoomGatewayOptions): RoomGateway {
  const host = livekitHttpUrl(options.url);
  const { apiKey, apiSecret, agentDispatchName } = options;
  const limits = { requestTimeout: timeoutSeconds, failover: false };
  const rooms = new RoomServiceClient(host, apiKey, apiSecret, limits);
  const dispatches = new AgentDispatchClient(host, apiKey, apiSecret, limits);
  const clearing = new AgentDispatchClient(host, apiKey, apiSecret, {
    ...limits,
    requestTimeout: clearTimeoutSeconds,
  });

  return {
    async listRooms() {
      const list = await ask(rooms.listRooms());
      return list.map((room) => room.name);
    },
    async listPeople(roomName) {
      const participants = await orWhenMissing([], rooms.listParticipants(roomName));
      const present = participants.filter(({ state }) => state !== ParticipantInfo_State.DISCONNECTED);
      return {
        humans: present.filter(isHuman).map(({ identity }) => identity),
        agents: present
          .filter(({ kind }) => kind === ParticipantInfo_Kind.AGENT)
          .map(({ identity }) => identity),
      };
    },
    async removeParticipant(roomName, identity) {
      await orWhenMissing(undefined, rooms.removeParticipant(roomName, identity));
    },
    async sendAgent(workerId, job) {
      const metadata = JSON.stringify(job);
      const agentName = workerDispatchName(agentDispatchName, workerId);
      await ask(dispatches.createDispatch(job.roomName, agentName, { metadata }));
    },
    async showMetadata(roomName, metadata) {
      await orWhenMissing(
        undefined,
        rooms.updateRoomMetadata(roomName, JSON.stringify(metadata)).then(() => undefined),
      );
    },
    async clearDispatches(roomName, callId, keepEpochs) {
      const list = await orWhenMissing([], dispatches.listDispatch(roomName));
      const stale = list.filter((dispatch) => {
        if (!isDispatchOfFleet(agentDispatchName, dispatch.agentName)) return false;
        const job = readJob(dispatch.metadata);
        return job?.callId !== callId || !keepEpochs.includes(job.epoch);
      });
      await Promise.all(
        stale.map(({ id }) => orWhenMissing(undefined, clearing.deleteDispatch(id, roomName))),
      );
    },
  };
}

/** People by browser, telephone or another bridge; recorders, ingests and agents are none. */
function isHuman({ kind }: ParticipantInfo): boolean {
  return (
    kind === ParticipantInfo_Kind.STANDARD ||
    kind === ParticipantInfo_Kind.SIP ||
    kind === ParticipantInfo_Kind.CONNECTOR
  );
}

function readJob(metadata: string): JobMetadata | undefined {
  try {
    return jobMetadataSchema.safeParse(JSON.parse(metadata)).data;
  } catch {
    // Not JSON: a dispatch that somebody else made under our agent's name.
    return undefined;
  }
}

async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const isRefusal = cause instanceof ServerError && cause.status < 500 && cause.status !== 401;
    if (isRefusal) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LivekitUnavailableError(`LiveKit does not answer: ${message}`, { cause });
  }
}

async function orWhenMissing<T>(missing: T, answer: Promise<T>): Promise<T> {
  try {
    return await ask(answer);
  } catch (error) {
    if (error instanceof ServerError && error.code === 'not_found') return missing;
    throw error;
  }
}
