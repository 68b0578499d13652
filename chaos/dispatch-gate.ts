/** Between the supervisors and livekit-server: forwards every request, and loses dispatches while answering 200. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from './random.ts';

export type DispatchGate = {
  /** WebSocket address to give to the supervisors in place of livekit-server's. */
  readonly url: string;
  /** Part of the dispatches that is lost from now on, 0 to 1. */
  setLoss(part: number): void;
  /** Dispatches that came, and of them those lost. */
  readonly counts: { readonly dispatches: number; readonly lost: number };
  stop(): Promise<void>;
};

const createDispatchPath = '/twirp/livekit.AgentDispatchService/CreateDispatch';

export async function startDispatchGate(targetUrl: string, random: Random): Promise<DispatchGate> {
  const target = new URL(targetUrl.replace(/^ws/, 'http'));
  const counts = { dispatches: 0, lost: 0 };
  let loss = 0;
  const server = createServer((request, response) => {
    const isDispatch = request.url === createDispatchPath;
    if (isDispatch) counts.dispatches += 1;
    if (isDispatch && random.next() < loss) {
      counts.lost += 1;
      void swallow(request, response);
      return;
    }
    const onward = httpRequest(
      {
        host: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: target.host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    // As a server that has died: the connection breaks.
    onward.on('error', () => response.destroy());
    request.on('error', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    setLoss(part) {
      loss = part;
    },
    counts,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** LiveKit's own answer to an accepted dispatch, without there being one. */
async function swallow(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const asked: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const fields = typeof asked === 'object' && asked !== null ? asked : {};
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: `AD_lost${Date.now()}`, ...fields }));
}
