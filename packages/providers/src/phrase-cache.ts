/**
 * Sound of what an agent says again and again: greeting, fillers, apologies. Kept in files by content, so that they are
 * there at once, in every process of the machine, and also while the voice that spoke them fails.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { bytesOfSamples, samplesOfBytes } from './audio/pcm-bytes.ts';

/** A phrase is a sentence or two; a greeting that changes every day fills it in a year. */
const mostFiles = 400;
/** Samples are given in pieces of this length, ms. */
const pieceMs = 100;
/** Sample rate and number of samples: a file that does not hold so many was not written to its end. */
const headerBytes = 8;

export type PhraseCacheOptions = {
  readonly directory: string;
  /** What is kept; asked for each text. */
  readonly isPhrase: (text: string) => boolean;
  /** A file could not be read or written: the voice is asked as if there were no cache. */
  readonly onTrouble: (error: unknown) => void;
};

export class PhraseCache {
  readonly #options: PhraseCacheOptions;
  readonly #known = new Map<string, PcmAudio>();

  constructor(options: PhraseCacheOptions) {
    this.#options = options;
  }

  /** The same voice; what it says of the phrases is kept. `voice` names engine, model and voice. */
  keeping(voice: string, port: TtsPort): TtsPort {
    const { isPhrase } = this.#options;
    const keep = (request: TtsRequest, made: readonly PcmAudio[]) => this.#write(keyOf(voice, request), made);
    return {
      get label() {
        return port.label;
      },
      async *synthesize(request, options) {
        if (!isPhrase(request.text)) {
          yield* port.synthesize(request, options);
          return;
        }
        const made: PcmAudio[] = [];
        for await (const audio of port.synthesize(request, options)) {
          made.push(audio);
          yield audio;
        }
        if (!options.signal.aborted) await keep(request, made);
      },
    };
  }

  /** The same voice, which is not asked for phrases that `voice` has said before. */
  serving(voice: string, port: TtsPort): TtsPort {
    const { isPhrase } = this.#options;
    const find = (request: TtsRequest) => this.#read(keyOf(voice, request));
    return {
      get label() {
        return port.label;
      },
      async *synthesize(request, options) {
        const kept = isPhrase(request.text) ? await find(request) : undefined;
        if (kept === undefined) yield* port.synthesize(request, options);
        else yield* pieces(kept);
      },
    };
  }

  async #read(key: string): Promise<PcmAudio | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const file = join(this.#options.directory, key);
    try {
      const bytes = await readFile(file);
      const now = new Date();
      await utimes(file, now, now);
      if (bytes.length <= headerBytes) return undefined;
      if (bytes.length - headerBytes !== 2 * bytes.readUInt32LE(4)) return undefined;
      const audio = {
        sampleRateHz: bytes.readUInt32LE(0),
        samples: samplesOfBytes(bytes.subarray(headerBytes)),
      };
      this.#known.set(key, audio);
      return audio;
    } catch (error) {
      if (!isMissing(error)) this.#options.onTrouble(error);
      return undefined;
    }
  }

  async #write(key: string, made: readonly PcmAudio[]): Promise<void> {
    const [first] = made;
    if (first === undefined) return;
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(first.sampleRateHz);
    header.writeUInt32LE(
      made.reduce((sum, { samples }) => sum + samples.length, 0),
      4,
    );
    const bytes = Buffer.concat([header, ...made.map(({ samples }) => bytesOfSamples(samples))]);
    const { directory } = this.#options;
    const file = join(directory, key);
    const draft = `${file}.${randomUUID()}`;
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(draft, bytes);
      await rename(draft, file);
      await this.#forgetOldest();
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #forgetOldest(): Promise<void> {
    const { directory } = this.#options;
    const names = await readdir(directory);
    if (names.length <= mostFiles) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(directory, name);
        return { path, usedMs: (await stat(path)).mtimeMs };
      }),
    );
    files.sort((a, b) => a.usedMs - b.usedMs);
    await Promise.all(files.slice(0, names.length - mostFiles).map(({ path }) => rm(path, { force: true })));
  }
}

function keyOf(voice: string, { text, language, voice: named, speed }: TtsRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([voice, text, language, named, speed]))
    .digest('hex');
}

function* pieces({ samples, sampleRateHz }: PcmAudio): Generator<PcmAudio> {
  const length = Math.round((sampleRateHz * pieceMs) / 1_000);
  for (let start = 0; start < samples.length; start += length)
    yield { samples: samples.subarray(start, start + length), sampleRateHz };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
