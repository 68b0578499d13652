import { startLivekitServer, type TestLivekitServer } from '@sophy/testkit/livekit-server';
import { joinSilently } from '@sophy/testkit/silent-participant';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLivekitGateway } from './livekit-gateway.ts';

let server: TestLivekitServer;
beforeAll(async () => {
  server = await startLivekitServer();
});
afterAll(() => server.stop());

test('a room that does not exist has nobody in it', async () => {
  expect(await createLivekitGateway(server).listParticipants('nowhere')).toEqual([]);
});

test('people in a room are seen by identity', async () => {
  const person = await joinSilently({ ...server, roomName: 'sala', identity: 'anna-1', kind: 'standard' });
  expect(await createLivekitGateway(server).listParticipants('sala')).toEqual([
    { identity: 'anna-1', name: '' },
  ]);
  await person.leave();
});

test('without telephone service the server says so', async () => {
  await expect(createLivekitGateway(server).countSipTrunks()).rejects.toThrow('no telephone service');
});

test('a key that LiveKit refuses and a LiveKit that is away are two different sentences', async () => {
  const refused = createLivekitGateway({ ...server, apiSecret: 'another-secret-of-more-than-32-characters' });
  await expect(refused.ping()).rejects.toMatchObject({
    statusCode: 503,
    message: expect.stringContaining('refuses our key'),
  });
  const away = createLivekitGateway({ ...server, url: 'ws://127.0.0.1:9' });
  await expect(away.ping()).rejects.toMatchObject({
    statusCode: 503,
    message: expect.stringContaining('cannot be reached'),
  });
  await expect(createLivekitGateway(server).ping()).resolves.toBeUndefined();
});
