/** `/api/openrouter/models`, `/select` and `/key`. */
import {
  modelSelectRequestSchema,
  modelSelectResponseSchema,
  openrouterKeyRequestSchema,
  openrouterModelsQuerySchema,
  openrouterModelsResponseSchema,
} from '@sophy/contracts/http-engines';
import { okResponseSchema } from '@sophy/contracts/http-error';
import { ProviderError } from '@sophy/conversation/provider-error';
import { listOpenrouterModels } from '@sophy/providers/openrouter/list-openrouter-models';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { changeSettings, currentSettings } from '../../settings/live-settings.ts';

export function openrouterRoutes(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/openrouter/models',
    {
      config: { ...adminRoute, rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags: ['llm'],
        querystring: openrouterModelsQuerySchema,
        response: answers(openrouterModelsResponseSchema),
      },
    },
    async (request) => {
      const { settings } = await currentSettings(dependencies);
      const endpoint = {
        baseUrl: dependencies.configuration.endpoints.openrouterBaseUrl,
        apiKey: settings.openrouter_api_key,
      };
      try {
        return await listOpenrouterModels(endpoint, request.query);
      } catch (cause) {
        if (!(cause instanceof ProviderError)) throw cause;
        throw new HttpProblem(503, 'OpenRouter does not give its list of models. Try again in a moment.', {
          cause,
        });
      }
    },
  );

  app.post(
    '/api/openrouter/select',
    {
      config: adminRoute,
      schema: {
        tags: ['llm'],
        summary: 'Use OpenRouter with this model from the next turn',
        body: modelSelectRequestSchema,
        response: answers(modelSelectResponseSchema),
      },
    },
    async (request) => {
      const { model } = request.body;
      await changeSettings(dependencies, { llm_provider: 'openrouter', openrouter_model: model });
      return { status: 'ok' as const, model, provider: 'openrouter' };
    },
  );

  app.post(
    '/api/openrouter/key',
    {
      config: adminRoute,
      schema: { tags: ['llm'], body: openrouterKeyRequestSchema, response: answers(okResponseSchema) },
    },
    async (request) => {
      await changeSettings(dependencies, { openrouter_api_key: request.body.api_key });
      return { status: 'ok' as const };
    },
  );
}
