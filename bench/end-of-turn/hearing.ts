/**
 * What the product knows in each pause of a turn: voice activity, the audio model's answers, the words of local
 * recognition. Kept on disk, since it is the same in every run.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import localInference from '@livekit/local-inference';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { dataDirectory } from '@sophy/testkit/repository-root';
import { z } from 'zod';
import type { TurnScript } from './script.ts';
import type { SpokenTurn } from './spoken-turn.ts';
import { voiceChanges } from './voice-activity.ts';

/** Lengths of silence, as the lane counts it, after which the audio model is asked, ms. */
const askedAfterMs = [192, 288, 384, 480, 576, 800, 1_024, 1_280] as const;
const windowSamples = 19_200;
const version = 4;

const pauseSchema = z.object({
  isEnd: z.boolean(),
  /** When the lane reports the pause, and what it takes for the last voice. */
  reportedMs: z.number(),
  lastVoiceMs: z.number(),
  /** When the lane reports that the person goes on; absent at the end. */
  resumedMs: z.number().optional(),
  /** Answers of the audio model, by silence since `lastVoiceMs`. */
  predictions: z.array(z.object({ silenceMs: z.number(), probability: z.number() })),
  /** The script up to here, and what local Whisper makes of the audio up to here. */
  scriptWords: z.string(),
  heardWords: z.string(),
  recognitionMs: z.number(),
});
const hearingSchema = z.object({ pauses: z.array(pauseSchema) });

export type Pause = z.infer<typeof pauseSchema>;
export type Hearing = z.infer<typeof hearingSchema>;

const directory = join(dataDirectory, 'end-of-turn');

/** @param engines Address of the local engines up to /v1; asked for only when the turn is not on disk. */
export async function hearTurn(
  script: TurnScript,
  spoken: SpokenTurn,
  engines: () => Promise<string>,
): Promise<Hearing> {
  const { samples } = spoken.audio;
  const key = createHash('sha256')
    .update(JSON.stringify({ version, script, voiced: spoken.voiced, askedAfterMs }))
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest('hex')
    .slice(0, 32);
  const file = join(directory, `${key}.json`);
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return hearingSchema.parse(JSON.parse(kept));
  const hearing: Hearing = { pauses: await hearPauses(script, spoken, await engines()) };
  await mkdir(directory, { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(hearing));
  await rename(`${file}.${process.pid}`, file);
  return hearing;
}

/** Pauses that the lane reports; one inside a voiced stretch (a stop consonant) belongs to the part being spoken. */
async function hearPauses(script: TurnScript, spoken: SpokenTurn, baseUrl: string): Promise<Pause[]> {
  const { samples } = spoken.audio;
  const changes = await voiceChanges(samples);
  const firstStartMs = changes.find((change) => change.type === 'speech-start')?.voiceMs ?? 0;
  const lastEnd = changes.findLast((change) => change.type === 'speech-end');
  const pauses: Pause[] = [];
  for (const [index, change] of changes.entries()) {
    if (change.type !== 'speech-end') continue;
    const resumed = changes[index + 1];
    const isEnd = change === lastEnd;
    const partsSpoken = spoken.voiced.filter(({ fromMs }) => fromMs < change.voiceMs).length;
    const { text, tookMs } = await recognize(baseUrl, script.language, {
      samples: samples.slice(Math.max(0, firstStartMs - 400) * 16, change.atMs * 16),
      sampleRateHz: spoken.audio.sampleRateHz,
    });
    pauses.push({
      isEnd,
      reportedMs: change.atMs,
      lastVoiceMs: change.voiceMs,
      ...(isEnd || resumed === undefined ? {} : { resumedMs: resumed.atMs }),
      predictions: await predictions(samples, change.voiceMs, resumed?.atMs ?? Infinity),
      scriptWords: script.parts.slice(0, partsSpoken).join(' '),
      heardWords: text,
      recognitionMs: tookMs,
    });
  }
  return pauses;
}

async function predictions(
  samples: Int16Array,
  lastVoiceMs: number,
  untilMs: number,
): Promise<Pause['predictions']> {
  const answers: Pause['predictions'] = [];
  for (const silenceMs of askedAfterMs) {
    const atMs = lastVoiceMs + silenceMs;
    if (atMs >= untilMs || atMs * 16 > samples.length) break;
    const latest = samples.slice(Math.max(0, atMs * 16 - windowSamples), atMs * 16);
    answers.push({ silenceMs, probability: await localInference.predict(latest) });
  }
  return answers;
}

async function recognize(
  baseUrl: string,
  language: string,
  audio: SpokenTurn['audio'],
): Promise<{ readonly text: string; readonly tookMs: number }> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(encodeWav(audio))], { type: 'audio/wav' }), 'utterance.wav');
  form.append('language', language);
  const startedMs = performance.now();
  const response = await fetch(`${baseUrl}/audio/transcriptions`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok)
    throw new Error(`local recognition refused a turn: ${response.status} ${await response.text()}`);
  const { text } = z.object({ text: z.string() }).parse(await response.json());
  return { text, tookMs: performance.now() - startedMs };
}
