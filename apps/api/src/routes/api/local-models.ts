/** `/api/engines/local/models`: models of the local engines are chosen, fetched and deleted. */
import { localModelSchema, localModelsResponseSchema } from '@sophy/contracts/http-engines';
import { okResponseSchema } from '@sophy/contracts/http-error';
import { ProviderError } from '@sophy/conversation/provider-error';
import { deleteLocalModel, downloadLocalModel, listLocalModels } from '@sophy/providers/local/local-models';
import { z } from 'zod';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { adminRoute } from '../../http/route-policy.ts';

/** To stop a download or to unload a model takes a moment. */
const limitMs = 10_000;
const params = z.object({ id: z.string().min(1).max(200) });

export function localModelRoutes(app: App, { configuration }: AppDependencies): void {
  const { enginesUrl } = configuration.endpoints;

  app.get(
    '/api/engines/local/models',
    {
      config: adminRoute,
      schema: {
        tags: ['engines'],
        summary: 'Models of the local engines: installed, to be had, and how far downloads are',
        response: answers(localModelsResponseSchema),
      },
    },
    async () => {
      const data = await ask(enginesUrl, listLocalModels);
      return { object: 'list' as const, data: [...data] };
    },
  );

  app.post(
    '/api/engines/local/models/:id/download',
    {
      config: adminRoute,
      schema: {
        tags: ['engines'],
        summary: 'Begin to fetch a model; the list tells how far it is',
        params,
        response: answers(localModelSchema),
      },
    },
    async (request) => ask(enginesUrl, (url, signal) => downloadLocalModel(url, request.params.id, signal)),
  );

  app.delete(
    '/api/engines/local/models/:id',
    {
      config: adminRoute,
      schema: {
        tags: ['engines'],
        summary: 'Delete a model that nothing uses, or end its download',
        params,
        response: answers(okResponseSchema),
      },
    },
    async (request) => {
      await ask(enginesUrl, (url, signal) => deleteLocalModel(url, request.params.id, signal));
      return { status: 'ok' as const };
    },
  );
}

/** Throws what the engines refuse with, in their words; 503 that names them when they cannot be asked. */
async function ask<Result>(
  enginesUrl: string | undefined,
  question: (enginesUrl: string, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (enginesUrl === undefined) throw new HttpProblem(503, 'There are no local engines: set ENGINES_URL.');
  const signal = AbortSignal.timeout(limitMs);
  try {
    return await question(enginesUrl, signal);
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    if (cause.category === 'invalid-request' && cause.status !== undefined)
      throw new HttpProblem(cause.status, cause.message, { cause });
    const { host } = new URL(enginesUrl);
    const isAway = cause.category === 'connectivity' || cause.category === 'timeout';
    const late = `did not answer within ${limitMs / 1_000} s`;
    const reason = signal.aborted ? late : isAway ? 'cannot be reached' : 'gave no answer of theirs';
    throw new HttpProblem(
      503,
      `The local engines ${reason} at ${host}. npm start runs them; or set ENGINES_URL.`,
      { cause },
    );
  }
}
