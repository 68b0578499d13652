/** `/api/ollama/models` and `/api/ollama/select`. */
import {
  modelSelectRequestSchema,
  modelSelectResponseSchema,
  ollamaModelsResponseSchema,
} from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import { listOllamaModels } from '@sophy/providers/ollama/list-ollama-models';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { changeSettings } from '../../settings/live-settings.ts';

const limitMs = 2_000;

export function ollamaRoutes(app: App, dependencies: AppDependencies): void {
  const { ollamaHost } = dependencies.configuration.endpoints;
  const listModels = async () => {
    try {
      return await listOllamaModels(ollamaHost, { limitMs });
    } catch (cause) {
      if (!(cause instanceof ProviderError)) throw cause;
      throw new HttpProblem(
        503,
        `Ollama cannot be reached at ${new URL(ollamaHost).origin}. Start it or set OLLAMA_HOST.`,
        {
          cause,
        },
      );
    }
  };

  app.get(
    '/api/ollama/models',
    { config: adminRoute, schema: { tags: ['llm'], response: answers(ollamaModelsResponseSchema) } },
    listModels,
  );

  app.post(
    '/api/ollama/select',
    {
      config: adminRoute,
      schema: {
        tags: ['llm'],
        summary: 'Use Ollama with this model from the next turn',
        body: modelSelectRequestSchema,
        response: answers(modelSelectResponseSchema),
      },
    },
    async (request) => {
      const { model } = request.body;
      const { models } = await listModels();
      if (!models.some(({ id }) => id === model)) {
        throw new HttpProblem(422, `model: Ollama has no "${model}". Fetch it with: ollama pull ${model}`);
      }
      // Its list shows that the model is there; to load it may take longer than a trial waits.
      await changeSettings(dependencies, { llm_provider: 'ollama', ollama_model: model }, { check: false });
      return { status: 'ok' as const, model, provider: 'ollama' };
    },
  );
}
