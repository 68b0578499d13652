import { ProviderError } from '@sophy/conversation/provider-error';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeConnections } from './connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { RecognitionSession } from './recognition-session.ts';

let server: LoopbackServer;

beforeEach(async () => {
  // Takes connections and never answers their handshake.
  server = await startLoopbackServer(
    () => undefined,
    (_request, socket) => void socket.resume().on('end', () => socket.end()),
  );
});

afterEach(async () => {
  await closeConnections();
  await server.close();
});

function open(url: string, connectMs: number, signal = new AbortController().signal): RecognitionSession {
  return new RecognitionSession({
    identity: { stage: 'stt', engine: 'deepgram' },
    url,
    headers: {},
    timeouts: { connectMs, answerMs: 5_000, stallMs: 5_000 },
    signal,
    receive: () => undefined,
    goodbye: 'bye',
    keepAlive: { everyMs: 1_000, send: () => undefined },
  });
}

async function failureOf(session: RecognitionSession): Promise<ProviderError> {
  try {
    for await (const _event of session.events);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('the session ended without a failure');
}

it('gives up on a server that takes the connection and never opens the session', async () => {
  const session = open(server.url, 50);
  expect(await failureOf(session)).toMatchObject({ category: 'timeout', isRetryable: true });
  await session.close();
  await expect.poll(() => server.openConnections()).toBe(0);
});

it('lets go of a session that is not open yet when the caller leaves', async () => {
  const leaving = new AbortController();
  const session = open(server.url, 5_000, leaving.signal);
  await expect.poll(() => server.connections()).toBe(1);
  leaving.abort();
  for await (const _event of session.events);
  await session.close();
  await expect.poll(() => server.openConnections()).toBe(0);
});

it('says connectivity when nobody listens', async () => {
  await server.close();
  expect(await failureOf(open(server.url, 1_000))).toMatchObject({ category: 'connectivity' });
});

it('drops a session whose server takes audio too slowly instead of keeping ever more of it', async () => {
  const session = open(server.url, 5_000);
  for (let second = 0; second < 40; second += 1) session.send(Buffer.alloc(32_000));
  expect((await failureOf(session)).message).toContain('takes audio too slowly');
  await session.close();
});
