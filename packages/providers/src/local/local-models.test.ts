import { ProviderError } from '@sophy/conversation/provider-error';
import { afterEach, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { deleteLocalModel, downloadLocalModel, listLocalModels } from './local-models.ts';

const never = new AbortController().signal;
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
  bytes: 5,
  sources: ['hub'],
  download: { phase: 'downloading', received_bytes: 1, total_bytes: null, message: '' },
};

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function answer(status: number, body: unknown): Promise<LoopbackServer> {
  server = await startLoopbackServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  });
  return server;
}

it('lists models with their downloads', async () => {
  const { url, requests } = await answer(200, { object: 'list', data: [model] });
  expect(await listLocalModels(`${url}/v1`, never)).toEqual([model]);
  expect(requests[0]).toMatchObject({ method: 'GET', url: '/v1/models' });
});

it('begins a download', async () => {
  const { url, requests } = await answer(202, model);
  expect((await downloadLocalModel(`${url}/v1`, 'whisper-small', never)).state).toBe('downloading');
  expect(requests[0]).toMatchObject({ method: 'POST', url: '/v1/models/whisper-small/download' });
});

it('deletes a model', async () => {
  const { url, requests } = await answer(204, undefined);
  await deleteLocalModel(`${url}/v1`, 'whisper-small', never);
  expect(requests[0]).toMatchObject({ method: 'DELETE', url: '/v1/models/whisper-small' });
});

it('passes on why the engines refuse', async () => {
  const { url } = await answer(409, { error: { message: 'It is in use now.' } });
  const refused = deleteLocalModel(`${url}/v1`, 'whisper-small', never);
  await expect(refused).rejects.toThrow(ProviderError);
  await expect(refused).rejects.toMatchObject({ status: 409, message: 'It is in use now.' });
});
