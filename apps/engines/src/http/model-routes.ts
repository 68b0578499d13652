/** `/v1/models`: what is there, what can be fetched, fetching and deleting it. */
import type { LocalModel } from '@sophy/contracts/http-engines';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Engines } from '../engines.ts';
import { parseBody } from './parse-body.ts';

const paramsSchema = z.object({ id: z.string().min(1).max(200) });

export function registerModelRoutes(app: FastifyInstance, { shelf }: Engines): void {
  app.get(
    '/v1/models',
    async (): Promise<{ object: 'list'; data: LocalModel[] }> => ({
      object: 'list',
      data: shelf.list(),
    }),
  );

  app.get('/v1/models/:id', async (request) => shelf.describe(parseBody(paramsSchema, request.params).id));

  app.post('/v1/models/:id/download', async (request, reply) => {
    const model = await shelf.download(parseBody(paramsSchema, request.params).id);
    return reply.status(model.state === 'downloading' ? 202 : 200).send(model);
  });

  app.delete('/v1/models/:id', async (request, reply) => {
    await shelf.remove(parseBody(paramsSchema, request.params).id);
    return reply.status(204).send();
  });
}
