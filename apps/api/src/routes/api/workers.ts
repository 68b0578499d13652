/** `GET /api/workers`: the workers that have reported lately. */
import { workersResponseSchema } from '@sophy/contracts/http-calls';
import { listWorkers } from '@sophy/db/workers';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { adminRoute } from '../../http/route-policy.ts';

/** A worker that was silent for longer is left out. */
const withinMs = 60_000;

export function workerRoute(app: App, { database }: AppDependencies): void {
  app.get(
    '/api/workers',
    { config: adminRoute, schema: { tags: ['calls'], response: answers(workersResponseSchema) } },
    async () => ({
      workers: (await listWorkers(database, withinMs)).map((worker) => ({
        id: worker.id,
        version: worker.version,
        slots: worker.slots,
        active: worker.active,
        state: worker.state,
        last_heartbeat: worker.lastHeartbeat.toISOString(),
      })),
    }),
  );
}
