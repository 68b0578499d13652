/** `/api/engines`: every engine, and the models and voices of each. */
import {
  engineModelsResponseSchema,
  enginesResponseSchema,
  ttsVoicesResponseSchema,
} from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { EngineContext, EngineEntry } from '@sophy/providers/engine-entry';
import { z } from 'zod';
import type { AppDependencies } from '../../app-dependencies.ts';
import { describeEngines } from '../../engines/describe-engines.ts';
import { requireEntry } from '../../engines/engine-entries.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { adminRoute } from '../../http/route-policy.ts';
import { currentSettings } from '../../settings/live-settings.ts';

const listLimitMs = 4_000;
const params = z.object({ stage: z.string().max(50), engine: z.string().max(50) });
const listRoute = { ...adminRoute, rateLimit: { max: 60, timeWindow: '1 minute' } } as const;

export function engineRoutes(app: App, dependencies: AppDependencies): void {
  const contextOf = async (): Promise<EngineContext> => ({
    settings: (await currentSettings(dependencies)).settings,
    endpoints: dependencies.configuration.endpoints,
  });

  app.get(
    '/api/engines',
    {
      config: adminRoute,
      schema: {
        tags: ['engines'],
        summary: 'Every engine: what it can do, needs, costs, and its place in the settings',
        response: answers(enginesResponseSchema),
      },
    },
    async () => describeEngines((await currentSettings(dependencies)).settings, dependencies),
  );

  app.get(
    '/api/engines/:stage/:engine/models',
    {
      config: listRoute,
      schema: { tags: ['engines'], params, response: answers(engineModelsResponseSchema) },
    },
    async (request) => {
      const entry = requireEntry(request.params.stage, request.params.engine);
      const context = await contextOf();
      const models = await listed(entry, context, 'models', (signal) => entry.listModels?.(context, signal));
      return { models: models.map(({ id, name }) => ({ id, name })) };
    },
  );

  app.get(
    '/api/engines/:stage/:engine/voices',
    {
      config: listRoute,
      schema: { tags: ['engines'], params, response: answers(ttsVoicesResponseSchema) },
    },
    async (request) => {
      const entry = requireEntry(request.params.stage, request.params.engine);
      if (entry.stage !== 'tts')
        throw new HttpProblem(404, `${entry.name} has no voices: only tts engines have.`);
      const context = await contextOf();
      const voices = await listed(entry, context, 'voices', (signal) => entry.listVoices(context, signal));
      return { engine: entry.id, voices: [...voices] };
    },
  );
}

/** Throws 503 that names the engine and what to do. */
async function listed<Item>(
  entry: EngineEntry,
  context: EngineContext,
  what: 'models' | 'voices',
  list: (signal: AbortSignal) => Promise<readonly Item[]> | undefined,
): Promise<readonly Item[]> {
  const refused = `${entry.name} (${entry.stage}): its ${what} could not be listed.`;
  const missing = entry.missing(context);
  if (missing !== undefined) throw new HttpProblem(503, `${refused} ${missing}`);
  const signal = AbortSignal.timeout(listLimitMs);
  try {
    return (await list(signal)) ?? [];
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    const reason = signal.aborted ? `It did not answer within ${listLimitMs / 1_000} s` : cause.message;
    throw new HttpProblem(503, `${refused} ${reason}. Type a name instead, or try again in a moment.`, {
      cause,
    });
  }
}
