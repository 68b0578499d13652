import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { choosePort, portState } from './ports.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function takenPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('ports', () => {
  test('a port with a listener is taken, one without is free', async () => {
    const port = await takenPort();
    expect(await portState(port, host)).toBe('taken');
    expect(await portState(await choosePort(0, { host }), host)).toBe('free');
  });

  test('an address of another machine is refused', async () => {
    // 192.0.2.0/24 is reserved for documentation (RFC 5737); .77 is nobody here.
    expect(await portState(0, '192.0.2.77')).toBe('refused');
  });

  test('the preferred port is chosen when it is free', async () => {
    const free = await choosePort(0, { host });
    expect(await choosePort(free, { host })).toBe(free);
  });

  test('another one is chosen when it is taken or spoken for', async () => {
    const taken = await takenPort();
    expect(await choosePort(taken, { host })).not.toBe(taken);
    const free = await choosePort(0, { host });
    expect(await choosePort(free, { host, except: new Set([free]) })).not.toBe(free);
  });

  test('UDP ports are looked at apart from TCP ports', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    const { port } = socket.address();
    expect(await portState(port, host, 'udp')).toBe('taken');
    expect(await portState(port, host, 'tcp')).toBe('free');
    socket.close();
    await once(socket, 'close');
  });
});
