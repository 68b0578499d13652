/** Ports of this machine: whether one is free, and which to take when the usual one is not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

export type Transport = 'tcp' | 'udp';

/** `free`; `taken` by another program; `refused` when the system does not let us listen there at all. */
export type PortState = 'free' | 'taken' | 'refused';

/** Tries to listen on the port for a moment. Port 0 is always free. */
export async function portState(
  port: number,
  host: string,
  transport: Transport = 'tcp',
): Promise<PortState> {
  try {
    await listenOnce(port, host, transport);
    return 'free';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? 'taken' : 'refused';
  }
}

/** The preferred port when it is free and not among `except`, else one that the system picks. */
export async function choosePort(
  preferred: number,
  options: { host: string; transport?: Transport; except?: ReadonlySet<number> },
): Promise<number> {
  const { host, transport = 'tcp', except } = options;
  if (preferred !== 0 && except?.has(preferred) !== true) {
    if ((await portState(preferred, host, transport)) === 'free') return preferred;
  }
  for (;;) {
    const port = await listenOnce(0, host, transport);
    if (except?.has(port) !== true) return port;
  }
}

async function listenOnce(port: number, host: string, transport: Transport): Promise<number> {
  if (transport === 'udp') {
    const socket = createSocket('udp4');
    socket.bind(port, host);
    await once(socket, 'listening');
    const found = socket.address().port;
    socket.close();
    await once(socket, 'close');
    return found;
  }
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('The system named no port for a socket.');
  return address.port;
}
