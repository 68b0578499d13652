/** What a dispatch tells a worker about the room it is sent into. No secret: LiveKit stores and shows it. */
import { z } from 'zod';
import { callIdSchema, type WorkerId } from './ids.ts';

export const jobMetadataSchema = z.object({
  callId: callIdSchema,
  /** Grows with every agent sent into the call; writes with a lower one are refused. */
  epoch: z.number().int().positive(),
  roomName: z.string().min(1),
  /** Another agent still has the call: join in silence and wait to be given it. */
  isSuccessor: z.boolean().optional(),
});
export type JobMetadata = Readonly<z.infer<typeof jobMetadataSchema>>;

/** Identity of the agent of one epoch of one call. Never reused, so that removing a ghost never hits its successor. */
export function agentIdentity(job: Pick<JobMetadata, 'callId' | 'epoch'>): string {
  return `agent-${job.callId}-e${job.epoch}`;
}

/** The call and epoch in an agent's identity, or undefined where the identity is not one of ours. */
export function parseAgentIdentity(identity: string): Pick<JobMetadata, 'callId' | 'epoch'> | undefined {
  const match = /^agent-([0-9a-f-]{36})-e(\d+)$/.exec(identity);
  const callId = callIdSchema.safeParse(match?.[1]);
  if (!callId.success || match?.[2] === undefined) return undefined;
  return { callId: callId.data, epoch: Number(match[2]) };
}

/** Name under which one worker registers at LiveKit, so that a dispatch reaches the worker that holds the slot. */
export function workerDispatchName(fleetName: string, workerId: WorkerId): string {
  return `${fleetName}-${workerId}`;
}

/** Whether a dispatch of this agent name is one of this fleet's. */
export function isDispatchOfFleet(fleetName: string, agentName: string): boolean {
  return agentName.startsWith(`${fleetName}-worker-`);
}
