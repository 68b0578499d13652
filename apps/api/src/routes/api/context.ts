/** `/api/context`: text added to every reply, which is the setting `context_injection`. */
import { contextSchema } from '@sophy/contracts/http-settings';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { changeSettings, currentSettings } from '../../settings/live-settings.ts';

export function contextRoutes(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/context',
    { config: adminRoute, schema: { tags: ['settings'], response: answers(contextSchema) } },
    async () => ({ context: (await currentSettings(dependencies)).settings.context_injection }),
  );
  app.post(
    '/api/context',
    {
      config: adminRoute,
      schema: { tags: ['settings'], body: contextSchema, response: answers(contextSchema) },
    },
    async (request) => {
      await changeSettings(dependencies, { context_injection: request.body.context });
      return request.body;
    },
  );
}
