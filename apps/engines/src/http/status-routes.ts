/** Routes about the engines themselves: what is loaded, what is ready, how they do. */

import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Engines } from '../engines.ts';

export function registerStatusRoutes(app: FastifyInstance, engines: Engines, registry: Registry): void {
  const startedSeconds = Math.floor(Date.now() / 1_000);

  app.get('/livez', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const readiness = engines.readiness();
    return reply.status(readiness.ready ? 200 : 503).send(readiness);
  });

  app.get('/v1/models', async () => ({
    object: 'list',
    data: [engines.stt, engines.tts, engines.llm]
      .filter((stage) => stage.describe().ready)
      .map((stage) => ({ id: stage.modelName, object: 'model', created: startedSeconds, owned_by: 'local' })),
  }));

  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
