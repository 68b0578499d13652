/** `POST /api/engines/{stage}/{engine}/test`: tries an engine with settings that may not be stored yet. */

import { engineTestResponseSchema } from '@sophy/contracts/http-engines';
import { settingsUpdateRequestSchema } from '@sophy/contracts/http-settings';
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Settings } from '@sophy/contracts/settings';
import { AudioFormatError, SpeechDecoder } from '@sophy/providers/audio/speech-decoder';
import type { EngineEntry } from '@sophy/providers/engine-entry';
import { z } from 'zod';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { requireEntry } from '../../../engines/engine-entries.ts';
import { probeEngine, tryEngine } from '../../../engines/probe-engine.ts';
import { spokenClip } from '../../../engines/spoken-clip.ts';
import { answers } from '../../../http/answers.ts';
import type { App } from '../../../http/app-type.ts';
import { HttpProblem } from '../../../http/http-problem.ts';
import { adminRoute } from '../../../http/route-policy.ts';
import { chooseEngine, withVoiceOfEngine } from '../../../settings/choose-engine.ts';
import { currentSettings } from '../../../settings/live-settings.ts';
import { settingsConflicts } from '../../../settings/settings-conflicts.ts';
import { withoutMasks } from '../../../settings/without-masks.ts';

const limitMs = 10_000;
const longestClipMs = 30_000;
/** As base64: some 20 s of 16 kHz. */
const bodyLimitBytes = 1_024 * 1_024;

const bodySchema = z.object({
  /** What is not stored yet; masks of secrets mean the stored ones. */
  settings: settingsUpdateRequestSchema.shape.settings.default({}),
  /** A WAV file, mono and 16 bit, for recognition to hear; left out: a sentence that the chosen voice says. */
  audio_base64: z.base64().min(1).optional(),
});

type Answer = z.infer<typeof engineTestResponseSchema>;

export function engineTestRoute(app: App, dependencies: AppDependencies): void {
  app.post(
    '/api/engines/:stage/:engine/test',
    {
      bodyLimit: bodyLimitBytes,
      config: { ...adminRoute, rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        tags: ['engines'],
        summary: 'Ask the engine for the smallest thing that it can do; recognition hears a sentence',
        params: z.object({ stage: z.string().max(50), engine: z.string().max(50) }),
        body: bodySchema,
        response: answers(engineTestResponseSchema),
      },
    },
    async (request) => {
      const entry = requireEntry(request.params.stage, request.params.engine);
      const given = request.body.audio_base64;
      const audio = given === undefined ? undefined : clipOf(given);
      const { settings: stored } = await currentSettings(dependencies);
      const typed = withVoiceOfEngine(stored, withoutMasks(request.body.settings));
      const settings = chooseEngine({ ...stored, ...typed }, entry.stage, entry.id);
      const missing = entry.missing({ settings, endpoints: dependencies.configuration.endpoints });
      if (missing !== undefined) return failed(0, missing);
      const conflicts = settingsConflicts(settings);
      if (conflicts.length > 0) throw new HttpProblem(422, conflicts.join('; '));
      return entry.stage === 'stt'
        ? hear(entry, settings, audio ?? (await spokenClip(dependencies.engines, stored)), dependencies)
        : probe(entry, settings, dependencies);
    },
  );
}

/** Throws 422 for what is no such file. */
function clipOf(base64: string): PcmAudio {
  const bytes = Buffer.from(base64, 'base64');
  const refused = 'audio_base64: send a WAV file, mono and 16 bit, of at most 30 s';
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new HttpProblem(422, refused);
  try {
    const audio = new SpeechDecoder(16_000).push(bytes);
    if (audio === undefined || durationMs(audio) > longestClipMs) throw new HttpProblem(422, refused);
    return audio;
  } catch (cause) {
    if (!(cause instanceof AudioFormatError)) throw cause;
    throw new HttpProblem(422, refused, { cause });
  }
}

/** @param clip undefined where the voice gave none: then silence has to do. */
async function hear(
  entry: EngineEntry,
  settings: Settings,
  clip: PcmAudio | undefined,
  { engines }: AppDependencies,
): Promise<Answer> {
  if (clip === undefined) {
    const answer = await probe(entry, settings, { engines });
    return answer.ok
      ? {
          ...answer,
          message: `${answer.message} What it hears was not tried: the chosen voice gave no sentence.`,
        }
      : answer;
  }
  const language = settings.whisper_language === 'auto' ? undefined : settings.whisper_language;
  const trial = await tryEngine(limitMs, (signal) => engines.hear(settings, clip, { language, signal }));
  if (!trial.ok) return failed(trial.tookMs, `${entry.name} ${trial.reason}`);
  const words = trial.result.text;
  const message =
    words === '' ? `${entry.name} answered, but heard no words.` : `${entry.name} heard the words.`;
  return { ok: true, took_ms: trial.tookMs, words, message };
}

async function probe(
  { stage, name }: EngineEntry,
  settings: Settings,
  { engines }: Pick<AppDependencies, 'engines'>,
): Promise<Answer> {
  const trial = await probeEngine(engines, stage, settings, limitMs);
  if (!trial.ok) return failed(trial.tookMs, `${name} ${trial.reason}`);
  return { ok: true, took_ms: trial.tookMs, words: null, message: `${name} answers.` };
}

function failed(tookMs: number, message: string): Answer {
  return {
    ok: false,
    took_ms: tookMs,
    words: null,
    message: /[.!?]$/.test(message) ? message : `${message}.`,
  };
}
