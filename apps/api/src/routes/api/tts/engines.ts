/** `GET /api/tts/engines` and `GET /api/tts/{engine}/voices`. */
import { ttsEnginesResponseSchema, ttsVoicesResponseSchema, type Voice } from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import { ttsCatalog } from '@sophy/providers/engine-catalog';
import type { EngineContext, TtsEntry } from '@sophy/providers/engine-entry';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { HttpProblem } from '../../../http/http-problem.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { currentSettings } from '../../../settings/live-settings.ts';
import { engineProbes } from '../../../status/engine-probes.ts';
import { runProbe } from '../../../status/probe.ts';

const probeLimitMs = 2_000;

export function ttsEngineRoutes(app: App, dependencies: AppDependencies): void {
  const { configuration } = dependencies;

  app.get(
    '/api/tts/engines',
    { config: adminRoute, schema: { tags: ['tts'], response: answers(ttsEnginesResponseSchema) } },
    async () => {
      const { settings } = await currentSettings(dependencies);
      const engines = await Promise.all(
        Object.values(ttsCatalog).map(async ({ id, name, isSelfHosted }) => {
          const { endpoints } = configuration;
          const asChosen = {
            settings: { ...settings, tts_engine: id },
            endpoints,
            engines: dependencies.engines,
          };
          const { available, message } = await runProbe(engineProbes(asChosen).tts);
          return { id, name, self_hosted: isSelfHosted, description: message, available };
        }),
      );
      return {
        engines,
        default: settings.tts_engine,
      };
    },
  );

  app.get(
    '/api/tts/:engine/voices',
    {
      config: adminRoute,
      schema: {
        tags: ['tts'],
        params: z.object({ engine: z.string().max(50) }),
        response: answers(ttsVoicesResponseSchema),
      },
    },
    async (request) => {
      const { engine } = request.params;
      const { settings } = await currentSettings(dependencies);
      const entry = Object.values(ttsCatalog).find(({ id }) => id === engine);
      if (entry === undefined) {
        const ids = Object.keys(ttsCatalog).join(', ');
        throw new HttpProblem(404, `There is no such voice engine. Engines: ${ids}.`);
      }
      const context = { settings, endpoints: configuration.endpoints };
      const chosen =
        settings.tts_voice === '' || settings.tts_engine !== entry.id ? [] : [settings.tts_voice];
      if (entry.missing(context) !== undefined) return { engine, voices: chosen.map(toVoice) };
      const voices = await listed(entry, context);
      return { engine, voices: voices.length > 0 ? [...voices] : chosen.map(toVoice) };
    },
  );
}

function toVoice(id: string): Voice {
  return { id, name: id, gender: '', locale: '' };
}

async function listed(entry: TtsEntry, context: EngineContext): Promise<readonly Voice[]> {
  try {
    return await entry.listVoices(context, AbortSignal.timeout(probeLimitMs));
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    throw new HttpProblem(503, `tts engine ${entry.id}: its voices could not be listed. ${cause.message}.`, {
      cause,
    });
  }
}
