/** Name of a worker process in the fleet, the same for the parent and its jobs. */
import { hostname } from 'node:os';
import { type WorkerId, workerIdSchema } from '@sophy/contracts/ids';

/** `pid` is the parent's process id. */
export function workerIdOf(pid: number): WorkerId {
  return workerIdSchema.parse(`worker-${hostname()}-${pid}`);
}
