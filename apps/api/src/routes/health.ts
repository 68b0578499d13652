/** `/api/health`, `/livez`, `/readyz`, `/metrics`: for monitors and orchestrators. */
import { okResponseSchema } from '@sophy/contracts/http-error';
import { healthResponseSchema } from '@sophy/contracts/http-status';
import { pingDatabase } from '@sophy/db/database';
import { z } from 'zod';
import type { AppDependencies } from '../app-dependencies.ts';
import { answers } from '../http/answers.ts';
import type { App } from '../http/app-type.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { publicRoute } from '../http/route-policy.ts';
import { runProbe } from '../status/probe.ts';

/** Monitors ask as often as they like: a limit would make a healthy process look dead. */
const monitorRoute = { ...publicRoute, rateLimit: false } as const;

export function healthRoutes(app: App, dependencies: AppDependencies): void {
  const { configuration, database, livekit, registry } = dependencies;

  app.get(
    '/api/health',
    { config: monitorRoute, schema: { tags: ['health'], response: answers(healthResponseSchema) } },
    async () => ({
      status: 'ok' as const,
      service: 'voice-agent' as const,
      https: configuration.certificate !== undefined,
    }),
  );

  app.get(
    '/livez',
    {
      config: monitorRoute,
      schema: { tags: ['health'], summary: 'The process answers', response: answers(okResponseSchema) },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: monitorRoute,
      schema: {
        tags: ['health'],
        summary: 'People can be admitted: database and LiveKit answer',
        response: answers(okResponseSchema),
      },
    },
    async () => {
      const parts = await Promise.all([
        runProbe(async () => {
          await pingDatabase(database);
          return 'answers';
        }),
        runProbe(async () => {
          await livekit.ping();
          return 'answers';
        }),
      ]);
      const names = ['the database', 'LiveKit'];
      const missing = names.filter((_, index) => parts[index]?.available !== true);
      if (missing.length > 0)
        throw new HttpProblem(503, `Not ready: ${missing.join(' and ')} cannot be reached.`);
      return { status: 'ok' as const };
    },
  );

  app.get(
    '/metrics',
    {
      config: monitorRoute,
      schema: { tags: ['health'], summary: 'Prometheus metrics', response: { 200: z.string() } },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
