/** A port that nobody listens on at the moment. */
import { createServer } from 'node:net';

/** `wanted`, or a free one where that is 0: the job server takes 0 for its own default. */
export async function portOrFree(wanted: number): Promise<number> {
  if (wanted !== 0) return wanted;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string')
    throw new Error('No free port was given for WORKER_PORT.');
  return address.port;
}
