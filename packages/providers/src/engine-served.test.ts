/** A wrong key for the same engine must not pass for the one that worked. */
import { settingsSchema } from '@sophy/contracts/settings';
import { afterEach, expect, it } from 'vitest';
import { Engines } from './engines.ts';
import { closeConnections } from './http/connection-pool.ts';
import { startLoopbackServer } from './http/loopback-server.ts';
import { noEndpoints } from './no-endpoints.test-support.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await closeConnections();
});

it('an answer with the old key is told as such after the new one was refused', async () => {
  const server = await startLoopbackServer((request, response) => {
    if (request.headers['authorization'] !== 'Bearer good') {
      response.statusCode = 401;
      response.end('{}');
      return;
    }
    const delta = { choices: [{ delta: { content: 'hello' }, finish_reason: 'stop' }] };
    response.end(`data: ${JSON.stringify(delta)}\n\n`);
  });
  closers.push(() => server.close());
  const served: string[] = [];
  const engines = new Engines({
    endpoints: noEndpoints,
    events: { onServed: ({ breakerKey }) => served.push(breakerKey) },
  });
  closers.push(() => engines.close());
  const before = settingsSchema.parse({
    llm_provider: 'openai',
    llm_base_url: server.url,
    llm_model: 'm',
    llm_api_key: 'good',
  });
  const after = { ...before, llm_api_key: 'wrong' };
  const request = { messages: [{ role: 'user', content: 'hi' }], maxTokens: 9 } as const;
  const { signal } = new AbortController();
  for await (const _event of engines.llm(after, before).stream(request, { signal }));
  expect(served).toEqual([engines.breakerKey('llm', before)]);
  expect(served).not.toContain(engines.breakerKey('llm', after));
  expect(engines.breakerKey('llm', after)).not.toContain('wrong');
});
