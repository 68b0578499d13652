import { settingsSchema } from '@sophy/contracts/settings';
import { afterEach, expect, it } from 'vitest';
import { closeConnections } from './http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from './http/loopback-server.ts';
import { warmEngines } from './warm-engines.ts';

let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
});

it('opens connections, takes a server without a list as warm and tells of a refused key', async () => {
  server = await startLoopbackServer((request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer wrong' ? 401 : 404;
    response.end();
  });
  const settings = settingsSchema.parse({
    llm_provider: 'openai',
    llm_base_url: `${server.url}/v1`,
    llm_api_key: 'wrong',
    tts_engine: 'openai',
    tts_base_url: `${server.url}/v1`,
  });
  const endpoints = {
    enginesUrl: 'http://127.0.0.1:1/v1',
    ollamaHost: 'http://127.0.0.1:1',
    openrouterBaseUrl: '',
  };
  const failures = await warmEngines(settings, endpoints, new AbortController().signal);
  expect(failures.map(({ stage, category }) => [stage, category])).toEqual([
    ['stt', 'connectivity'],
    ['llm', 'authentication'],
  ]);
  expect(server.requests.map(({ url }) => url)).toEqual(['/v1/models', '/v1/models']);
});
