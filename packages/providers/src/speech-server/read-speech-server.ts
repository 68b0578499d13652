/** What a speech server says of itself: which side of it is to be asked, its engines and its voices. */
import { z } from 'zod';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { serviceUrl } from '../http/service-url.ts';

const identity = { stage: 'tts', engine: 'speech-server' } as const;

const voiceListSchema = z.array(
  z.union([
    z.string().transform((id) => ({ id, name: id, gender: '', locale: '' })),
    z
      .object({
        id: z.string(),
        name: z.string().nullish(),
        gender: z.string().nullish(),
        locale: z.string().nullish(),
        language: z.string().nullish(),
      })
      .transform(({ id, name, gender, locale, language }) => ({
        id,
        name: name ?? id,
        gender: gender ?? '',
        locale: locale ?? language ?? '',
      })),
  ]),
);

const statusSchema = z.object({
  status: z.string(),
  /** The engine that it has loaded. */
  engine: z.string().nullish(),
  /** Further engines that it can load. */
  available_engines: z.array(z.string()).nullish(),
  languages: z.array(z.string()).nullish(),
  voices: voiceListSchema.nullish(),
});
const voicesSchema = z.object({ voices: voiceListSchema });

export type SpeechServerVoice = z.infer<typeof voiceListSchema>[number];
export type SpeechServer = {
  /** `synthesize`: its own side, raw PCM. `openai`: it has only `/v1/audio/speech`. */
  readonly side: 'synthesize' | 'openai';
  readonly engine: string | undefined;
  readonly engines: readonly string[];
  /** Undefined where it does not say. */
  readonly languages: readonly string[] | undefined;
  readonly voices: readonly SpeechServerVoice[] | undefined;
};

type Options = {
  readonly baseUrl: string;
  readonly timeouts: EngineTimeouts;
  readonly signal: AbortSignal;
};

/**
 * Asks `GET /status`. A server without it has only the OpenAI side.
 * @throws ProviderError when it cannot be reached or fails.
 */
export async function readSpeechServer(options: Options): Promise<SpeechServer> {
  const status = statusSchema.safeParse(await askJson(options, '/status'));
  if (!status.success)
    return { side: 'openai', engine: undefined, engines: [], languages: undefined, voices: undefined };
  const { engine, available_engines, languages, voices } = status.data;
  return {
    side: 'synthesize',
    engine: engine === null || engine === 'none' ? undefined : engine,
    engines: available_engines ?? [],
    languages: languages ?? undefined,
    voices: voices ?? undefined,
  };
}

/** Voices of `GET /voices` or `GET /v1/audio/voices`; empty where the server lists none. */
export async function listSpeechServerVoices(
  options: Options & { readonly side: SpeechServer['side'] },
): Promise<readonly SpeechServerVoice[]> {
  const path = options.side === 'synthesize' ? '/voices' : '/v1/audio/voices';
  const list = voicesSchema.safeParse(await askJson(options, path));
  return list.success ? list.data.voices : [];
}

/** Undefined where the server has no such page, or it is no JSON: servers differ in what they offer. */
async function askJson({ baseUrl, timeouts, signal }: Options, path: string): Promise<unknown> {
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: serviceUrl(baseUrl, path),
      headers: {},
      timeouts,
      awaited: 'status',
      acceptedStatuses: [404, 405],
      signal,
    },
    (answer) => readText(answer.chunks, 4_000_000),
  );
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
