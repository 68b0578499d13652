import { startTcpGate, type TcpGate } from '@sophy/testkit/tcp-gate';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';

let gate: TcpGate;
let api: TestApp;
beforeAll(async () => {
  gate = await startTcpGate(inject('postgresUrl'));
  api = await createTestApp({ rewriteUrl: (url) => gate.rewrite(url) });
});
afterAll(async () => {
  await api.close();
  await gate.shut();
});

test('without its database the API says so, stays alive, and recovers by itself', async () => {
  expect((await api.app.inject('/api/chats')).statusCode).toBe(200);

  await gate.shut();
  const token = { room_name: 'stanza', participant_name: 'Anna' };
  for (const request of [
    { method: 'GET', url: '/api/chats' },
    { method: 'GET', url: '/api/settings' },
    { method: 'GET', url: '/api/config' },
    { method: 'POST', url: '/api/chats', payload: { title: 'x' } },
    { method: 'POST', url: '/api/token', payload: token },
    { method: 'GET', url: '/readyz' },
  ] as const) {
    const response = await api.app.inject(request);
    expect(response.statusCode, request.url).toBe(503);
    expect(response.json().detail, request.url).toContain('database');
  }
  expect((await api.app.inject('/livez')).statusCode).toBe(200);
  const status = await api.app.inject('/api/status');
  expect(status.statusCode).toBe(200);
  expect(status.json()).toMatchObject({ database: { available: false }, all_ready: false });

  await gate.reopen();
  await vi.waitFor(async () => expect((await api.app.inject('/readyz')).statusCode).toBe(200));
  expect((await api.app.inject({ method: 'POST', url: '/api/token', payload: token })).statusCode).toBe(200);
});
