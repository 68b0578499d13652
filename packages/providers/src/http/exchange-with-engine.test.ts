import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { ProviderError } from '@sophy/conversation/provider-error';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from './connection-pool.ts';
import { askEngine, type EngineRequest, exchangeWithEngine, readText } from './exchange-with-engine.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

const secret = 'sk-secret-key';
const prompt = 'my private words';
let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
  server = undefined;
});

function requestTo(url: string, changes: Partial<EngineRequest> = {}): EngineRequest {
  return {
    identity: { stage: 'llm', engine: 'openai' },
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${secret}` },
    body: prompt,
    timeouts: { connectMs: 1_000, answerMs: 2_000, stallMs: 2_000 },
    awaited: 'first text',
    signal: new AbortController().signal,
    ...changes,
  };
}

const ask = (request: EngineRequest) => askEngine(request, (answer) => readText(answer.chunks, 1_000));

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError but ${inspect(error)}`);
  const everything = inspect(error, { depth: 20, showHidden: true });
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain(prompt);
  return error;
}

describe('exchangeWithEngine', () => {
  it.each([
    [401, 'authentication', false],
    [403, 'authentication', false],
    [402, 'quota', false],
    [429, 'rate-limit', true],
    [400, 'invalid-request', false],
    [404, 'invalid-request', false],
    [413, 'invalid-request', false],
    [422, 'invalid-request', false],
    [408, 'server', true],
    [500, 'server', true],
    [503, 'server', true],
    [302, 'bad-response', false],
  ])('makes status %i a failure of category %s', async (status, category, isRetryable) => {
    server = await startLoopbackServer((request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `You said: ${request.body} with ${secret}`, code: null } }),
      );
    });
    const error = await failureOf(ask(requestTo(server.url)));
    expect(error).toMatchObject({ category, isRetryable, status, stage: 'llm', engine: 'openai' });
    expect(error.code).toBe(`llm.${category}`);
  });

  it('keeps the code and Retry-After of the service, and tells an empty account from a rate limit', async () => {
    server = await startLoopbackServer((request, response) => {
      response.writeHead(429, { 'retry-after': '2' });
      const code = request.url === '/empty' ? 'insufficient_quota' : 'rate_limit_exceeded';
      response.end(JSON.stringify({ error: { code } }));
    });
    const limited = await failureOf(ask(requestTo(server.url)));
    expect(limited).toMatchObject({ category: 'rate-limit', retryAfterMs: 2_000 });
    expect(limited.message).toContain('rate_limit_exceeded');
    expect(await failureOf(ask(requestTo(`${server.url}/empty`)))).toMatchObject({
      category: 'quota',
      isRetryable: false,
    });
  });

  it('says connectivity when nobody listens', async () => {
    const gone = await startLoopbackServer(() => undefined);
    await gone.close();
    const error = await failureOf(ask(requestTo(gone.url)));
    expect(error).toMatchObject({ category: 'connectivity', isRetryable: true });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('says connectivity when the name is unknown', async () => {
    const error = await failureOf(ask(requestTo('http://no-such-engine.invalid/v1')));
    expect(error.category).toBe('connectivity');
  });

  it('says connectivity when the connection breaks in the middle of an answer', async () => {
    server = await startLoopbackServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await failureOf(ask(requestTo(server.url)))).toMatchObject({ category: 'connectivity' });
  });

  it('says bad-response when the port speaks something else', async () => {
    const other = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(`220 mail ready ${prompt}\r\n`));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await failureOf(ask(requestTo(`http://127.0.0.1:${port}`)))).toMatchObject({
        category: 'bad-response',
      });
    } finally {
      other.close();
    }
  });

  it('says invalid-request for an address or a key that cannot be sent', async () => {
    expect(await failureOf(ask(requestTo('not an address')))).toMatchObject({ category: 'invalid-request' });
    const headers = { authorization: `Bearer ${secret}\n` };
    expect(await failureOf(ask(requestTo('http://127.0.0.1:1', { headers })))).toMatchObject({
      category: 'invalid-request',
    });
  });

  it('gives up when the answer does not begin, naming what it waited for', async () => {
    server = await startLoopbackServer(() => undefined);
    const timeouts = { connectMs: 1_000, answerMs: 30, stallMs: 1_000 };
    const error = await failureOf(ask(requestTo(server.url, { timeouts })));
    expect(error).toMatchObject({ category: 'timeout', isRetryable: true });
    expect(error.message).toContain('no first text within 30 ms');
  });

  it('does not take headers and comments for an answer', async () => {
    server = await startLoopbackServer((_request, response) => {
      response.write(': still working\n\n');
    });
    const timeouts = { connectMs: 1_000, answerMs: 30, stallMs: 1_000 };
    expect(await failureOf(ask(requestTo(server.url, { timeouts })))).toMatchObject({ category: 'timeout' });
  });

  it('gives up when an answer that began stalls', async () => {
    server = await startLoopbackServer((_request, response) => {
      response.write('piece');
    });
    const timeouts = { connectMs: 1_000, answerMs: 1_000, stallMs: 30 };
    const pieces: string[] = [];
    const reading = (async () => {
      const exchange = exchangeWithEngine(
        requestTo(server?.url ?? '', { timeouts }),
        async function* (answer) {
          for await (const chunk of answer.chunks) {
            answer.progress();
            yield Buffer.from(chunk).toString();
          }
        },
      );
      for await (const piece of exchange) pieces.push(piece);
    })();
    expect(await failureOf(reading)).toMatchObject({ category: 'timeout' });
    expect(pieces).toEqual(['piece']);
  });

  it('says cancelled when the caller leaves, before and during the request', async () => {
    server = await startLoopbackServer(() => controller.abort());
    const controller = new AbortController();
    expect(await failureOf(ask(requestTo(server.url, { signal: controller.signal })))).toMatchObject({
      category: 'cancelled',
      isRetryable: false,
    });
    expect(await failureOf(ask(requestTo(server.url, { signal: AbortSignal.abort() })))).toMatchObject({
      category: 'cancelled',
    });
  });

  it('uses connections again', async () => {
    server = await startLoopbackServer((_request, response) => response.end('ok'));
    for (let turn = 0; turn < 6; turn += 1) expect(await ask(requestTo(server.url))).toBe('ok');
    // Two: a request that follows within the same tick finds the first connection not yet free.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('closes the connection when the reader leaves in the middle', async () => {
    const closed = Promise.withResolvers<void>();
    server = await startLoopbackServer((_request, response) => {
      response.once('close', closed.resolve);
      response.write('piece');
    });
    const exchange = exchangeWithEngine(requestTo(server.url), (answer) => answer.chunks);
    for await (const _chunk of exchange) break;
    await closed.promise;
  });
});
