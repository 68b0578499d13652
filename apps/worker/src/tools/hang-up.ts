/** Ends a call on behalf of its agent. */
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { Database } from '@sophy/db/database';
import { endCallOfAgent } from '@sophy/db/effects';

export type HangUpOptions = {
  readonly database: Database;
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  readonly closeRoom: () => Promise<void>;
};

/** Rejects when the room could not be closed. `reason` stands in the row of the call. */
export async function hangUp({ database, job, closeRoom }: HangUpOptions, reason: string): Promise<void> {
  // The room first: a call that has ended while somebody is in its room would be opened anew.
  await closeRoom();
  await endCallOfAgent(database, job, reason);
}
