/** Routes about the engines themselves: what is loaded, what is ready, how they do. */

import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Engines } from '../engines.ts';

export function registerStatusRoutes(app: FastifyInstance, engines: Engines, registry: Registry): void {
  app.get('/livez', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const readiness = engines.readiness();
    return reply.status(readiness.ready ? 200 : 503).send(readiness);
  });

  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
