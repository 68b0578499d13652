/** `/api/tts/current`: the voice in use, which is a part of the settings. */
import { ttsCurrentSchema } from '@sophy/contracts/http-engines';
import { type Settings, settingsPatchSchema } from '@sophy/contracts/settings';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { changeSettings, currentSettings } from '../../../settings/live-settings.ts';

const fields = settingsPatchSchema.shape;
const ttsChangeSchema = ttsCurrentSchema
  .extend({
    engine: fields.tts_engine.unwrap(),
    language: fields.tts_language.unwrap(),
    voice: fields.tts_voice.unwrap(),
    /** Another word for the voice, where an engine calls it so. */
    speaker: fields.tts_voice.unwrap(),
    speed: fields.tts_speed.unwrap(),
  })
  .partial();

function toCurrent(settings: Settings) {
  return {
    engine: settings.tts_engine,
    language: settings.tts_language,
    voice: settings.tts_voice,
    speaker: settings.tts_voice,
    speed: settings.tts_speed,
  };
}

export function ttsCurrentRoutes(app: App, dependencies: AppDependencies): void {
  app.get(
    '/api/tts/current',
    { config: adminRoute, schema: { tags: ['tts'], response: answers(ttsCurrentSchema) } },
    async () => toCurrent((await currentSettings(dependencies)).settings),
  );

  app.post(
    '/api/tts/current',
    {
      config: adminRoute,
      schema: { tags: ['tts'], body: ttsChangeSchema, response: answers(ttsCurrentSchema) },
    },
    async (request) => {
      const { engine, language, voice, speaker, speed } = request.body;
      await changeSettings(dependencies, {
        tts_engine: engine,
        tts_language: language,
        tts_voice: voice ?? speaker,
        tts_speed: speed,
      });
      return toCurrent((await currentSettings(dependencies)).settings);
    },
  );
}
