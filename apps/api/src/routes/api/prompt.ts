/** `/api/prompt`: the persona, which is the setting `system_prompt`. */
import { promptSchema } from '@sophy/contracts/http-settings';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { changeSettings, currentSettings } from '../../settings/live-settings.ts';

export function promptRoutes(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/prompt',
    { config: adminRoute, schema: { tags: ['settings'], response: answers(promptSchema) } },
    async () => ({ prompt: (await currentSettings(dependencies)).settings.system_prompt }),
  );
  app.post(
    '/api/prompt',
    {
      config: adminRoute,
      schema: { tags: ['settings'], body: promptSchema, response: answers(promptSchema) },
    },
    async (request) => {
      await changeSettings(dependencies, { system_prompt: request.body.prompt });
      return request.body;
    },
  );
}
