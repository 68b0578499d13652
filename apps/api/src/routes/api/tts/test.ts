/** `POST /api/tts/test`: one sentence as a WAV file, so that a voice can be heard before it is chosen. */

import { ttsTestRequestSchema } from '@sophy/contracts/http-engines';
import { durationMs } from '@sophy/contracts/pcm-audio';
import { settingsPatchSchema } from '@sophy/contracts/settings';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { collectAudio } from '../../../engines/collect-audio.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { HttpProblem } from '../../../http/http-problem.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { chooseEngine } from '../../../settings/choose-engine.ts';
import { currentSettings } from '../../../settings/live-settings.ts';

const limitMs = 30_000;

export function ttsTestRoute(app: App, dependencies: AppDependencies): void {
  app.post(
    '/api/tts/test',
    {
      config: { ...adminRoute, rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        tags: ['tts'],
        summary: 'Speak a sentence: audio/wav with X-Sample-Rate, X-Duration (s) and X-Engine',
        body: ttsTestRequestSchema.extend({ engine: settingsPatchSchema.shape.tts_engine }),
        response: answers(z.any().describe('A WAV file')),
      },
    },
    async (request, reply) => {
      const { text, engine, voice, language, speed } = request.body;
      const stored = (await currentSettings(dependencies)).settings;
      const settings = chooseEngine(stored, 'tts', engine ?? stored.tts_engine);
      const port = dependencies.engines.tts({ ...settings, tts_fallbacks: [] });
      const chosenLanguage = language ?? settings.tts_language;
      const audio = await collectAudio(
        port.synthesize(
          {
            text,
            language: chosenLanguage === 'auto' ? undefined : chosenLanguage,
            voice: (voice ?? (engine === undefined ? settings.tts_voice : '')) || undefined,
            speed: speed ?? settings.tts_speed,
          },
          { signal: AbortSignal.timeout(limitMs) },
        ),
      );
      if (audio === undefined) throw new HttpProblem(503, 'The voice engine gave no audio for this text.');
      return reply
        .type('audio/wav')
        .header('x-sample-rate', audio.sampleRateHz)
        .header('x-duration', (durationMs(audio) / 1_000).toFixed(3))
        .header('x-engine', port.label)
        .send(encodeWav(audio));
    },
  );
}
