/** The same app behind TLS, for telephones: browsers give the microphone only to safe pages. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { App } from './app-type.ts';

export type HttpsListener = {
  readonly port: number;
  /** Ends every connection, WebSockets too. */
  close(): Promise<void>;
};

export type HttpsOptions = {
  readonly keyFile: string;
  readonly certFile: string;
  readonly host: string;
  readonly port: number;
};

/** Throws where the files cannot be read or the port is taken. The app must be ready. */
export async function listenHttps(app: App, options: HttpsOptions): Promise<HttpsListener> {
  const [key, cert] = await Promise.all([readFile(options.keyFile), readFile(options.certFile)]);
  const server = createServer({ key, cert }, (request, response) => app.routing(request, response));
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', (error) => app.log.debug({ error }, 'a connection broke'));
  });
  // The app's own server knows what to do with an upgrade.
  server.on('upgrade', (request, socket, head) => app.server.emit('upgrade', request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The HTTPS server has no port.');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
