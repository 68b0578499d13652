import { settingsSchema } from '@sophy/contracts/settings';
import { afterEach, expect, it } from 'vitest';
import { Engines } from './engines.ts';
import { closeConnections } from './http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from './http/loopback-server.ts';
import { noEndpoints } from './no-endpoints.test-support.ts';

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
  const engines = new Engines({ endpoints: noEndpoints });
  const failures = await engines.warm(settings, new AbortController().signal);
  await engines.close();
  expect(failures.map(({ stage, category }) => [stage, category])).toEqual([
    ['stt', 'connectivity'],
    ['llm', 'authentication'],
    ['tts', 'connectivity'],
  ]);
  expect(server.requests.map(({ url }) => url)).toEqual(['/v1/models', '/v1/models']);
});
