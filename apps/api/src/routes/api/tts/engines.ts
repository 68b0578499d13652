/** `GET /api/tts/engines` and `GET /api/tts/{engine}/voices`. */
import {
  ttsEnginesResponseSchema,
  ttsVoicesResponseSchema,
  type Voice,
  voiceSchema,
} from '@sophy/contracts/http-engines';
import type { Settings } from '@sophy/contracts/settings';
import { authorization, endpointUrl } from '@sophy/providers/openai/openai-endpoint';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { askLocalEngines } from '../../../engines/local-engines.ts';
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
      const [local, openai] = await Promise.all(
        (['local', 'openai'] as const).map((engine) =>
          runProbe(engineProbes({ ...settings, tts_engine: engine }, configuration).tts),
        ),
      );
      return {
        engines: [
          {
            id: 'local',
            name: 'Piper',
            self_hosted: true,
            description: local?.message ?? '',
            available: local?.available ?? false,
          },
          {
            id: 'openai',
            name: 'OpenAI-compatible server',
            self_hosted: false,
            description: openai?.message ?? '',
            available: openai?.available ?? false,
          },
        ],
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
      switch (engine) {
        case 'local': {
          const { tts } = await askLocalEngines(configuration.enginesUrl);
          return { engine, voices: tts.voices };
        }
        case 'openai':
          return { engine, voices: await openAiVoices(settings) };
        default:
          throw new HttpProblem(404, 'There is no such voice engine. Engines: local, openai.');
      }
    },
  );
}

const voiceListSchema = z.object({
  voices: z.array(z.union([z.string(), voiceSchema.partial().extend({ id: z.string() })])),
});

/** Voices by `GET /audio/voices`, which self-hosted servers have; where there is no such list, the voice that is set. */
async function openAiVoices(settings: Settings): Promise<Voice[]> {
  const toVoice = (voice: string | (Partial<Voice> & { id: string })): Voice => {
    const { id, name, gender, locale } = typeof voice === 'string' ? { id: voice, ...emptyVoice } : voice;
    return { id, name: name ?? id, gender: gender ?? '', locale: locale ?? '' };
  };
  const chosen = settings.tts_voice === '' ? [] : [toVoice(settings.tts_voice)];
  if (settings.tts_base_url === '') return chosen;
  let response: Response;
  try {
    response = await fetch(endpointUrl(settings.tts_base_url, '/audio/voices'), {
      headers: authorization(settings.tts_api_key),
      signal: AbortSignal.timeout(probeLimitMs),
      redirect: 'manual',
    });
  } catch (cause) {
    throw new HttpProblem(503, 'tts engine openai: the server at tts_base_url cannot be reached.', { cause });
  }
  const body = z
    .string()
    .transform(parseJson)
    .pipe(voiceListSchema)
    .safeParse(await response.text());
  return response.ok && body.success ? body.data.voices.map(toVoice) : chosen;
}

const emptyVoice: Partial<Voice> = {};

function parseJson(text: string, context: z.core.$RefinementCtx<string>): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is no JSON');
    return z.NEVER;
  }
}
