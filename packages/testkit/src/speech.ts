/** Spoken clips for tests, made by the local voice and kept on disk, so that every run speaks the same samples. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { type LocalEngines, startLocalEngines } from './local-engines.ts';
import { normalize, trim } from './pcm.ts';
import { dataDirectory } from './repository-root.ts';
import { testEnvironment } from './test-environment.ts';
import { decodeWav } from './wav.ts';

const clipDirectory = join(dataDirectory, 'test-speech');

export type SpeechOptions = {
  /** Voice id; unset: the engine's default for the language. */
  readonly voice?: string;
  /** Language code; unset: en. */
  readonly language?: string;
  /** Tempo as a factor; unset: 1. */
  readonly speed?: number;
};

export type SpeechMaker = {
  /** The text spoken, without silence before or after, at a steady level. Throws with the engine's answer when it refuses. */
  synthesize(text: string, options?: SpeechOptions): Promise<PcmAudio>;
  /** Ends the engines, when they were started for this. */
  close(): Promise<void>;
};

/** Engines are started only when a clip is not on disk yet. */
export function openSpeech(): SpeechMaker {
  let started: Promise<LocalEngines> | undefined;
  async function baseUrl(): Promise<string> {
    if (testEnvironment.speechUrl !== undefined) return testEnvironment.speechUrl;
    started ??= startLocalEngines();
    return (await started).baseUrl;
  }
  return {
    async synthesize(text, { voice = '', language = 'en', speed } = {}) {
      const key = createHash('sha256')
        .update(JSON.stringify({ text, voice, language, speed }))
        .digest('hex')
        .slice(0, 32);
      const file = join(clipDirectory, `${key}.wav`);
      const kept = await readIfThere(file);
      if (kept !== undefined) return decodeWav(kept);
      const clip = normalize(trim(await speak(await baseUrl(), { text, voice, language, speed })));
      await mkdir(clipDirectory, { recursive: true });
      // Renamed into place so that a killed run leaves no half clip behind.
      await writeFile(`${file}.${process.pid}`, encodeWav(clip));
      await rename(`${file}.${process.pid}`, file);
      return clip;
    },
    async close() {
      await (await started)?.stop();
    },
  };
}

async function speak(
  baseUrl: string,
  request: { text: string; voice: string; language: string; speed: number | undefined },
): Promise<PcmAudio> {
  const response = await fetch(`${baseUrl}/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      // The engines' name for whichever voice is theirs.
      model: 'tts-1',
      input: request.text,
      language: request.language,
      response_format: 'wav',
      speed: request.speed,
      ...(request.voice === '' ? {} : { voice: request.voice }),
    }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) {
    throw new Error(`the local voice refused "${request.text}": ${response.status} ${await response.text()}`);
  }
  return decodeWav(new Uint8Array(await response.arrayBuffer()));
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
