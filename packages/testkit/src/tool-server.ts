/** The receiver of tool calls for a test: a real HTTP server on loopback that does each thing once for its key, and counts. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createCondition } from './condition.ts';

const orderSchema = z.strictObject({
  arguments: z.record(z.string(), z.unknown()),
  call_id: z.string(),
  speaker: z.strictObject({ identity: z.string(), name: z.string() }),
});

export type ToolRequest = z.infer<typeof orderSchema> & {
  readonly path: string;
  readonly key: string;
  readonly authorization: string | undefined;
};

export type ToolAnswer = {
  readonly status?: number;
  readonly body: string;
  /** How long it takes, ms. */
  readonly afterMs?: number;
};

export type ToolServer = {
  readonly url: string;
  /** Every request, in order of arrival. */
  readonly requests: readonly ToolRequest[];
  /** How many different things were asked for. */
  keys(): number;
  setAnswer(answer: ToolAnswer): void;
  waitForRequests(count: number, timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
};

export async function startToolServer(first: ToolAnswer = { body: 'ok' }): Promise<ToolServer> {
  const requests: ToolRequest[] = [];
  const sockets = new Set<Socket>();
  const changes = createCondition();
  let answer = first;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const order = orderSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const { status = 200, body, afterMs = 0 } = answer;
      requests.push({
        ...order,
        path: request.url ?? '',
        key: String(request.headers['idempotency-key']),
        authorization: request.headers.authorization,
      });
      changes.notify();
      void delay(afterMs).then(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body);
      });
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    keys: () => new Set(requests.map(({ key }) => key)).size,
    setAnswer: (next) => {
      answer = next;
    },
    async waitForRequests(count, timeoutMs = 15_000) {
      await changes.until(
        () => (requests.length >= count ? true : undefined),
        timeoutMs,
        () => `the tool server has seen ${requests.length} of ${count} requests`,
      );
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
