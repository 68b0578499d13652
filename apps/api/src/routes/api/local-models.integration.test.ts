import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { noEndpoints } from '@sophy/providers/no-endpoints.test-support';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';

const model = {
  id: 'whisper-small',
  object: 'model',
  created: 1,
  owned_by: 'local',
  kind: 'stt',
  title: 'Whisper small',
  license: 'MIT',
  languages: [],
  is_default: false,
  state: 'downloading',
  bytes: 376_000_000,
  sources: ['hub'],
  download: { phase: 'downloading', received_bytes: 1_000, total_bytes: 376_000_000, message: '' },
};

let engines: Server;
let requests: string[];
/** What the engines answer. */
let answer: { readonly status: number; readonly body: unknown };
let api: TestApp;
beforeAll(async () => {
  engines = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => engines.listen(0, '127.0.0.1', resolve));
  const enginesUrl = `http://127.0.0.1:${(engines.address() as AddressInfo).port}/v1`;
  api = await createTestApp({ configuration: { endpoints: { ...noEndpoints, enginesUrl } } });
});
afterAll(async () => {
  await api.close();
  engines.closeAllConnections();
  await new Promise((resolve) => engines.close(resolve));
});
beforeEach(() => {
  requests = [];
});

const path = '/api/engines/local/models';
const send = (method: 'GET' | 'POST' | 'DELETE', url: string) => api.app.inject({ method, url });

test('lists models with their downloads', async () => {
  answer = { status: 200, body: { object: 'list', data: [model] } };
  const response = await send('GET', path);
  expect([response.statusCode, response.json()]).toEqual([200, { object: 'list', data: [model] }]);
  expect(requests).toEqual(['GET /v1/models']);
});

test('begins a download and deletes, by the id of the model and nothing else', async () => {
  answer = { status: 202, body: model };
  const started = await send('POST', `${path}/whisper-small/download`);
  expect([started.statusCode, started.json()]).toEqual([200, model]);
  answer = { status: 204, body: undefined };
  const deleted = await send('DELETE', `${path}/${encodeURIComponent('../readyz')}`);
  expect([deleted.statusCode, deleted.json()]).toEqual([200, { status: 'ok' }]);
  expect(requests).toEqual(['POST /v1/models/whisper-small/download', 'DELETE /v1/models/..%2Freadyz']);
});

test.each([404, 409, 503, 507])('passes on a refusal with %i and its reason', async (status) => {
  answer = { status, body: { error: { message: 'It is in use now.' } } };
  for (const refused of [
    await send('DELETE', `${path}/whisper-small`),
    await send('POST', `${path}/whisper-small/download`),
  ]) {
    expect([refused.statusCode, refused.json()]).toEqual([status, { detail: 'It is in use now.' }]);
  }
});

test('a stranger at that address is not taken for the engines', async () => {
  answer = { status: 200, body: { hello: 'world' } };
  const response = await send('GET', path);
  expect(response.statusCode).toBe(503);
  expect(response.json().detail).toContain('The local engines gave no answer of theirs at 127.0.0.1');
});

test('engines that are away or not set are named', async () => {
  for (const [enginesUrl, reason] of [
    [noEndpoints.enginesUrl, 'The local engines cannot be reached at 127.0.0.1:9. npm start runs them'],
    [undefined, 'There are no local engines: set ENGINES_URL.'],
  ] as const) {
    const away = await createTestApp({ configuration: { endpoints: { ...noEndpoints, enginesUrl } } });
    try {
      const response = await away.app.inject({ method: 'GET', url: path });
      expect(response.statusCode).toBe(503);
      expect(response.json().detail).toContain(reason);
    } finally {
      await away.close();
    }
  }
});

test('asks for the password where there is one', async () => {
  const locked = await createTestApp({ configuration: { adminPassword: 'correct horse battery' } });
  try {
    for (const [method, url] of [
      ['GET', path],
      ['POST', `${path}/whisper-small/download`],
      ['DELETE', `${path}/whisper-small`],
    ] as const)
      expect((await locked.app.inject({ method, url })).statusCode).toBe(401);
  } finally {
    await locked.close();
  }
});
