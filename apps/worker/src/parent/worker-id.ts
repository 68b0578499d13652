/** Name of a worker process in the fleet: unique for each start, so that nobody takes a new worker for one that died. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type WorkerId, workerIdSchema } from '@sophy/contracts/ids';

export function newWorkerId(): WorkerId {
  return workerIdSchema.parse(`worker-${hostname()}-${randomBytes(4).toString('hex')}`);
}
