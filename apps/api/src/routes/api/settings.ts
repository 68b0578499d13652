/** `/api/settings`: all of them, or one by its key. */
import {
  settingResponseSchema,
  settingsResponseSchema,
  settingsUpdateRequestSchema,
  settingsUpdateResponseSchema,
  settingUpdateRequestSchema,
} from '@sophy/contracts/http-settings';
import { z } from 'zod';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { adminRoute } from '../../http/route-policy.ts';
import {
  changeSetting,
  changeSettings,
  currentSettings,
  requireSettingKey,
} from '../../settings/live-settings.ts';
import { maskedValue, maskSettings } from '../../settings/masked-settings.ts';

const keyParams = z.object({ key: z.string().max(100) });

export function settingRoutes(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/settings',
    { config: adminRoute, schema: { tags: ['settings'], response: answers(settingsResponseSchema) } },
    async () => {
      const { settings, version } = await currentSettings(dependencies);
      return { settings: maskSettings(settings), version };
    },
  );

  app.post(
    '/api/settings',
    {
      config: adminRoute,
      schema: {
        tags: ['settings'],
        summary: 'Change settings; used from the next turn. An engine that is chosen is tried first (check)',
        body: settingsUpdateRequestSchema,
        response: answers(settingsUpdateResponseSchema),
      },
    },
    async (request) => ({
      status: 'ok' as const,
      updated: await changeSettings(dependencies, request.body.settings, request.body),
    }),
  );

  app.get(
    '/api/settings/:key',
    {
      config: adminRoute,
      schema: { tags: ['settings'], params: keyParams, response: answers(settingResponseSchema) },
    },
    async (request) => {
      const key = requireSettingKey(request.params.key);
      const { settings, version } = await currentSettings(dependencies);
      return { key, value: maskedValue(settings, key), version };
    },
  );

  app.put(
    '/api/settings/:key',
    {
      config: adminRoute,
      schema: {
        tags: ['settings'],
        params: keyParams,
        body: settingUpdateRequestSchema,
        response: answers(settingsUpdateResponseSchema),
      },
    },
    async (request) => ({
      status: 'ok' as const,
      updated: await changeSetting(dependencies, request.params.key, request.body.value, request.body),
    }),
  );
}
