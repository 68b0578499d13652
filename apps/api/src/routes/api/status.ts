/** `GET /api/status`: every part, looked at now. */
import { statusResponseSchema } from '@sophy/contracts/http-status';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { collectStatus } from '../../status/collect-status.ts';

export function statusRoute(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/status',
    { config: adminRoute, schema: { tags: ['health'], response: answers(statusResponseSchema) } },
    async () => collectStatus(dependencies),
  );
}
