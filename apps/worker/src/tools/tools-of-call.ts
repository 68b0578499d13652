/** Which tools a call has: those of the operator, and hanging up. */
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { Database } from '@sophy/db/database';
import { endCallTool } from './end-call-tool.ts';
import { hangUp } from './hang-up.ts';
import { httpTool } from './http-tool.ts';
import type { Tool } from './tool.ts';
import type { HttpToolDefinition } from './tools-file.ts';

export type ToolsOfCallOptions = {
  readonly definitions: readonly HttpToolDefinition[];
  readonly database: Database;
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  /** One person is in the room with the agent. */
  readonly isAlone: () => boolean;
  readonly closeRoom: () => Promise<void>;
};

/** Why a call has ended, in its row. */
const endReason = 'agent-ended';

export function toolsOfCall(options: ToolsOfCallOptions): readonly Tool[] {
  const { definitions, database, job, isAlone, closeRoom } = options;
  return [
    ...definitions.map((definition) => httpTool(definition, job.callId)),
    endCallTool({ isAlone, hangUp: () => hangUp({ database, job, closeRoom }, endReason) }),
  ];
}
