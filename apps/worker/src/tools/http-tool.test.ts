/** What an operator's server answers, and what is made of it: done, certainly not done, or nobody knows. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callIdSchema } from '@sophy/contracts/ids';
import { afterEach, expect, test } from 'vitest';
import { httpTool, mostResultBytes } from './http-tool.ts';
import type { ToolResult } from './tool.ts';

const callId = callIdSchema.parse('00000000-0000-4000-8000-000000000001');
const order = {
  argumentsJson: '{"day":"friday"}',
  idempotencyKey: 'key-1',
  speaker: { identity: 'anna-1', name: 'Anna' },
};
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => handle(request, response, body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/book`;
}

function run(url: string, timeoutMs = 2_000): Promise<ToolResult> {
  const definition = {
    name: 'book',
    description: 'Books',
    parameters: { type: 'object' },
    url,
    timeout_ms: timeoutMs,
    effect: 'once',
    confirmation: 'none',
    repeatable: false,
    during_preparation: false,
    headers: { authorization: 'Bearer 1' },
  } as const;
  return httpTool(definition, callId).run(order, new AbortController().signal);
}

test('one POST with the arguments, who asks, the key and the secret', async () => {
  let seen: unknown;
  const url = await serve(({ method, headers }, response, body) => {
    seen = { method, key: headers['idempotency-key'], auth: headers.authorization, body: JSON.parse(body) };
    response.end('{"number":7}');
  });
  expect(await run(url)).toEqual({ outcome: 'done', result: '{"number":7}' });
  expect(seen).toEqual({
    method: 'POST',
    key: 'key-1',
    auth: 'Bearer 1',
    body: {
      arguments: { day: 'friday' },
      call_id: callId,
      speaker: { identity: 'anna-1', name: 'Anna' },
    },
  });
});

test.each([
  [409, 'failed'],
  [422, 'failed'],
  [429, 'failed'],
  [302, 'failed'],
  [500, 'unknown'],
  [503, 'unknown'],
  [408, 'unknown'],
])('HTTP %i is %s', async (status, outcome) => {
  const url = await serve((_request, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' });
    response.end('why');
  });
  expect(await run(url)).toEqual({ outcome, result: `HTTP ${status}: why` });
});

test('a result is cut where a model has read enough', async () => {
  const url = await serve((_request, response) => response.end('è'.repeat(100_000)));
  const { result } = await run(url);
  expect(Buffer.byteLength(result)).toBeLessThan(mostResultBytes + 20);
  expect(result).toMatch(/^è+ … \(cut\)$/);
});

test('a server that does not answer in time may have done it', async () => {
  const url = await serve(() => undefined);
  expect(await run(url, 100)).toEqual({ outcome: 'unknown', result: 'no answer within 100 ms' });
});

test('a connection that breaks after the request may have done it', async () => {
  const url = await serve((request) => request.socket.destroy());
  expect(await run(url)).toMatchObject({ outcome: 'unknown' });
});

test('a server that is not there has not done it', async () => {
  const url = await serve(() => undefined);
  await Promise.all(closing.splice(0).map((close) => close()));
  expect(await run(url)).toEqual({ outcome: 'failed', result: 'the connection broke (ECONNREFUSED)' });
});
