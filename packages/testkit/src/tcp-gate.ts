/** A door between a program and a server: shut, it cuts every connection and refuses new ones, as if the server had died. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export type TcpGate = {
  /** The address with host and port of the gate in place of the server's. */
  rewrite(url: string): string;
  shut(): Promise<void>;
  /** Opens again on the same port. */
  reopen(): Promise<void>;
};

/** Opens a gate on 127.0.0.1 in front of the server at `targetUrl`. */
export async function startTcpGate(targetUrl: string): Promise<TcpGate> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let port = 0;
  let server: Server;

  const own = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const reopen = async () => {
    server = createServer((inner) => {
      const outer = connect(Number(target.port), target.hostname);
      own(inner, outer);
      own(outer, inner);
      inner.pipe(outer).pipe(inner);
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
    await promise;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The gate has no port.');
    port = address.port;
  };
  await reopen();

  return {
    rewrite(url) {
      const gated = new URL(url);
      gated.hostname = '127.0.0.1';
      gated.port = String(port);
      return gated.href.replace(/\/$/, '');
    },
    reopen,
    async shut() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
