import { openrouterModelsResponseSchema } from '@sophy/contracts/http-engines';
import { afterEach, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { listOpenrouterModels } from './list-openrouter-models.ts';

let server: LoopbackServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.close();
});

const answer = {
  data: [
    {
      id: 'openai/gpt',
      name: 'OpenAI: GPT',
      description: 'Large',
      context_length: 128_000,
      architecture: { input_modalities: ['text', 'image'] },
      pricing: { prompt: '0.0000025', completion: '0.00001' },
      supported_parameters: ['tools', 'response_format'],
    },
    {
      id: 'meta/llama:free',
      name: 'Llama',
      context_length: 8_000,
      pricing: { prompt: '0', completion: '0' },
    },
    {
      id: 'openrouter/auto',
      name: 'Auto',
      context_length: null,
      pricing: { prompt: '-1', completion: '-1' },
    },
  ],
};

it('lists models with prices, an unknown price as null and never as zero', async () => {
  server = await startLoopbackServer((_request, response) => response.end(JSON.stringify(answer)));
  const endpoint = { baseUrl: `${server.url}/api/v1`, apiKey: '' };
  const names = async (query: Parameters<typeof listOpenrouterModels>[1]) =>
    (await listOpenrouterModels(endpoint, query)).models.map(({ name }) => name);
  const all = await listOpenrouterModels(endpoint, { sort_by: 'name' });
  expect(openrouterModelsResponseSchema.parse(all)).toEqual(all);
  expect(all.models.map(({ name, total_cost }) => [name, total_cost])).toEqual([
    ['Auto', null],
    ['Llama', 0],
    ['OpenAI: GPT', 0.0000125],
  ]);
  expect(all.models[2]).toMatchObject({
    supports_vision: true,
    supports_tools: true,
    supports_json_mode: true,
  });
  expect(await names({ sort_by: 'cost' })).toEqual(['Llama', 'OpenAI: GPT', 'Auto']);
  expect(await names({ sort_by: 'cost_desc' })).toEqual(['OpenAI: GPT', 'Llama', 'Auto']);
  expect(await names({ sort_by: 'context' })).toEqual(['OpenAI: GPT', 'Llama', 'Auto']);
  expect(await names({ sort_by: 'vision', search: 'LLAMA' })).toEqual(['Llama']);
  expect(server.requests[0]).toMatchObject({ url: '/api/v1/models' });
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
});
