import { once } from 'node:events';
import { get } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ClientInfo, ConnectionSettings, JoinRequest, WrappedJoinRequest } from '@livekit/protocol';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { makeToken } from '@sophy/testkit/join-token';
import { startLivekitServer, type TestLivekitServer } from '@sophy/testkit/livekit-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';
import { type HttpsListener, listenHttps } from '../http/listen-https.ts';

/** Self-signed for tests alone, valid for a hundred years; nothing trusts it. */
const certificate = {
  keyFile: fileURLToPath(new URL('../../test/certificate/key.pem', import.meta.url)),
  certFile: fileURLToPath(new URL('../../test/certificate/cert.pem', import.meta.url)),
};
type Service = { readonly api: TestApp; readonly https: HttpsListener; readonly httpPort: number };

async function startService(livekit: Pick<TestLivekitServer, 'url' | 'apiKey' | 'apiSecret'>) {
  const { url, apiKey, apiSecret } = livekit;
  const lan = url.replace('127.0.0.1', '192.168.1.5');
  // With a password, which must not stand before the signalling.
  const api = await createTestApp({
    configuration: { adminPassword: 'secret', livekit: { url, apiKey, apiSecret, publicUrl: lan } },
  });
  const httpPort = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
  const https = await listenHttps(api.app, { ...certificate, host: '127.0.0.1', port: 0 });
  return { api, https, httpPort };
}

let livekit: TestLivekitServer;
let service: Service;
beforeAll(async () => {
  livekit = await startLivekitServer();
  service = await startService(livekit);
});
afterAll(async () => {
  await service.https.close();
  await service.api.close();
  await livekit.stop();
});

const goodToken = (name = 'Anna') => makeToken({ ...livekit, roomName: 'sala', name });
const forgedToken = () =>
  makeToken({ ...livekit, apiSecret: 'forged'.repeat(8), roomName: 'sala', name: 'Eva' });

async function getHttps(port: number, path: string) {
  const request = get({ host: '127.0.0.1', port, path, rejectUnauthorized: false });
  const [response] = await once(request, 'response');
  return { status: Number(response.statusCode), headers: response.headers, body: await text(response) };
}

/** What a client of the newer path, `/rtc/v1`, says of itself. */
const joinRequest = Buffer.from(
  new WrappedJoinRequest({
    joinRequest: new JoinRequest({
      clientInfo: new ClientInfo({ protocol: 15 }),
      connectionSettings: new ConnectionSettings({ autoSubscribe: true }),
    }).toBinary(),
  }).toBinary(),
).toString('base64');

/** Status of the refusal, or the first message of the open WebSocket. */
async function signal(address: string, token: string): Promise<number | Buffer> {
  const query = new URLSearchParams({ access_token: token, protocol: '15', join_request: joinRequest });
  const socket = new WebSocket(`${address}?${query}`, { rejectUnauthorized: false });
  try {
    return await new Promise<number | Buffer>((resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('message', (data: Buffer) => resolve(data));
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.on('error', reject);
    });
  } finally {
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.terminate();
  }
}

describe('signalling through our own origin', () => {
  test('a question over HTTPS is answered as LiveKit answers it', async () => {
    const path = `/rtc/validate?access_token=${await goodToken()}`;
    const direct = await fetch(livekit.url.replace('ws', 'http') + path);
    const answer = await getHttps(service.https.port, path);
    expect(answer).toMatchObject({ status: 200, body: await direct.text() });
    const forged = await getHttps(service.https.port, `/rtc/validate?access_token=${await forgedToken()}`);
    expect(forged.status).toBe(401);
  });

  test.each(['/rtc', '/rtc/v1'])('a WebSocket at %s joins over HTTPS and over HTTP', async (path) => {
    for (const address of [`wss://127.0.0.1:${service.https.port}`, `ws://127.0.0.1:${service.httpPort}`]) {
      // The answer to a joining names the room.
      expect(String(await signal(address + path, await goodToken()))).toContain('sala');
      expect(await signal(address + path, await forgedToken())).toBe(401);
    }
  });

  test('a page over HTTPS is told our address and may connect to it, one over HTTP the direct one', async () => {
    const host = `127.0.0.1:${service.https.port}`;
    const secure = await getHttps(service.https.port, '/api/config');
    expect(JSON.parse(secure.body).livekit_url).toBe(`wss://${host}`);
    expect(secure.headers['content-security-policy']).toContain(
      `connect-src 'self' wss://${host} https://${host};`,
    );
    const plain = await fetch(`http://127.0.0.1:${service.httpPort}/api/config`);
    expect(await plain.json()).toMatchObject({
      livekit_url: livekit.url.replace('127.0.0.1', '192.168.1.5'),
    });
  });

  test('other addresses of LiveKit are not reached', async () => {
    const { port } = service.https;
    const outside = await getHttps(port, '/rtc/%2e%2e/twirp/livekit.RoomService/ListRooms');
    expect([400, 404]).toContain(outside.status);
    const posted = await service.api.app.inject({ method: 'POST', url: '/rtc', payload: {} });
    expect(posted.statusCode).toBe(405);
    expect(Object.keys(service.api.app.swagger().paths ?? {})).not.toContain('/rtc/');
  });

  test('a connection that breaks while LiveKit is asked does not end the process', async () => {
    const socket = connect(service.httpPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'GET /rtc HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    socket.resetAndDestroy();
    expect((await fetch(`http://127.0.0.1:${service.httpPort}/livez`)).status).toBe(200);
  });
});

test('without LiveKit both the question and the WebSocket are 503 and name it', async () => {
  const away = await startService({ ...livekit, url: `ws://127.0.0.1:${await freeTcpPort()}` });
  const answer = await getHttps(away.https.port, '/rtc/validate?access_token=x');
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.body).detail).toContain('LiveKit cannot be reached');
  expect(await signal(`wss://127.0.0.1:${away.https.port}/rtc`, 'x')).toBe(503);
  await away.https.close();
  await away.api.close();
});

test.each(['wss', 'ws'] as const)('open %s connections do not keep the app from closing', async (scheme) => {
  const local = await startService(livekit);
  const port = scheme === 'wss' ? local.https.port : local.httpPort;
  // Two people: LiveKit closes the first connection of somebody who joins twice.
  const join = async (name: string): Promise<WebSocket> => {
    const headers = { authorization: `Bearer ${await goodToken(name)}` };
    const socket = new WebSocket(`${scheme}://127.0.0.1:${port}/rtc`, { rejectUnauthorized: false, headers });
    await once(socket, 'message');
    return socket;
  };
  const lively = await join('Anna');
  const silent = await join('Silvia');
  // Like a telephone out of reach, it does not answer the closing.
  silent.pause();
  const closed = once(lively, 'close');
  const startedMs = performance.now();
  await local.https.close();
  await local.api.close();
  await closed;
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  silent.terminate();
});
