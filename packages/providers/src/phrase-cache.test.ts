import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PhraseCache } from './phrase-cache.ts';

const phrase: TtsRequest = { text: 'Hello.', language: 'en', voice: undefined, speed: 1 };
const signal = new AbortController().signal;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sophy-phrases-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** One process: a cache, a voice that counts how often it is asked, and what goes wrong. */
function setUp(
  options: { readonly directory?: string; readonly port?: TtsPort; readonly voice?: string } = {},
) {
  const troubles: unknown[] = [];
  let asked = 0;
  const speaking: TtsPort = {
    label: 'a',
    async *synthesize() {
      asked += 1;
      for (const from of [0, 250]) {
        const samples = Int16Array.from({ length: 250 }, (_, index) => (from + index) * 60 - 15_000);
        yield { samples, sampleRateHz: 8_000 };
      }
    },
  };
  const cache = new PhraseCache({
    directory: options.directory ?? directory,
    isPhrase: (text) => text.startsWith('Hello'),
    onTrouble: (error) => troubles.push(error),
  });
  const voice = options.voice ?? 'anna';
  const port = cache.serving(voice, cache.keeping(voice, options.port ?? speaking));
  const say = async (request = phrase, caller = signal): Promise<number[]> => {
    const samples: number[] = [];
    for await (const audio of port.synthesize(request, { signal: caller })) {
      expect(audio.sampleRateHz).toBe(8_000);
      samples.push(...audio.samples);
    }
    return samples;
  };
  return { say, troubles, asked: () => asked, cache, port };
}

const files = () => readdir(directory);

async function onlyFile(): Promise<string> {
  const [name, ...more] = await files();
  if (name === undefined || more.length > 0) throw new Error('expected one file');
  return join(directory, name);
}

it('what was said once is there again to the last sample, in this process and the next', async () => {
  const first = setUp();
  const samples = await first.say();
  expect(samples).toHaveLength(500);
  expect(await first.say()).toEqual(samples);
  expect(await first.say()).toEqual(samples);
  expect(first.asked()).toBe(1);
  const next = setUp();
  expect(await next.say()).toEqual(samples);
  expect([next.asked(), next.troubles]).toEqual([0, []]);
});

it('another voice, language or speed is another phrase', async () => {
  const { say, asked } = setUp();
  const others: readonly Partial<TtsRequest>[] = [
    {},
    { voice: 'joe' },
    { language: 'it' },
    { speed: 1.2 },
    { text: 'Hello!' },
  ];
  for (const other of others) await say({ ...phrase, ...other });
  expect(asked()).toBe(others.length);
  const otherEngine = setUp({ voice: 'another engine' });
  await otherEngine.say();
  expect(otherEngine.asked()).toBe(1);
});

it('what is no phrase is never kept', async () => {
  const { say, asked } = setUp();
  for (let time = 0; time < 2; time += 1) await say({ ...phrase, text: 'The secret is 42.' });
  expect(asked()).toBe(2);
  expect(await files()).toEqual([]);
});

it('a file that was not written to its end does no harm, and is written anew', async () => {
  const { say } = setUp();
  const samples = await say();
  const file = await onlyFile();
  for (const damage of [
    () => writeFile(file, ''),
    () => truncate(file, 3),
    () => truncate(file, 4),
    () => truncate(file, 8),
    () => truncate(file, 501),
    () => truncate(file, 504),
    // As a machine leaves it that lost its power.
    () => writeFile(file, Buffer.alloc(2_000)),
    () => writeFile(file, Buffer.alloc(2_000, 0xff)),
  ]) {
    await damage();
    const next = setUp();
    expect(await next.say()).toEqual(samples);
    expect(next.asked()).toBe(1);
    const after = setUp();
    expect(await after.say()).toEqual(samples);
    expect(after.asked()).toBe(0);
  }
});

it('what a voice did not say to its end is not kept', async () => {
  const broken: TtsPort = {
    label: 'a',
    async *synthesize() {
      yield { samples: new Int16Array(8), sampleRateHz: 8_000 };
      throw new Error('broken off');
    },
  };
  await expect(setUp({ port: broken }).say()).rejects.toThrow('broken off');
  const caller = new AbortController();
  const quiet: TtsPort = {
    label: 'a',
    async *synthesize() {
      yield { samples: new Int16Array(8), sampleRateHz: 8_000 };
      caller.abort();
    },
  };
  await setUp({ port: quiet }).say(phrase, caller.signal);
  const silent: TtsPort = {
    label: 'a',
    async *synthesize(): AsyncGenerator<TtsAudio> {
      yield* [];
    },
  };
  await setUp({ port: silent }).say();
  expect(await files()).toEqual([]);
});

it('a phrase that nobody listens to the end of is not kept', async () => {
  const { port } = setUp();
  for await (const _audio of port.synthesize(phrase, { signal })) break;
  expect(await files()).toEqual([]);
});

it('a directory that cannot be written to is told of and holds up nobody', async () => {
  const blocked = join(directory, 'file');
  await writeFile(blocked, '');
  const { say, asked, troubles } = setUp({ directory: join(blocked, 'phrases') });
  expect(await say()).toEqual(await say());
  expect(asked()).toBe(2);
  expect(troubles.length).toBeGreaterThan(0);
});

it('the same phrase said twice at once is kept whole', async () => {
  const { say, troubles } = setUp();
  const [one, other] = await Promise.all([say(), say()]);
  expect(one).toEqual(other);
  const next = setUp();
  expect(await next.say()).toEqual(one);
  expect([next.asked(), troubles, (await files()).length]).toEqual([0, [], 1]);
});

it('of more than four hundred files those go that were used least lately', async () => {
  await mkdir(directory, { recursive: true });
  await Promise.all(
    Array.from({ length: 400 }, async (_, index) => {
      const file = join(directory, `old${index}`);
      await writeFile(file, 'x');
      await utimes(file, 1_000 + index, 1_000 + index);
    }),
  );
  const { say, troubles } = setUp();
  await say();
  const left = await files();
  expect(left).toHaveLength(400);
  expect(left).not.toContain('old0');
  expect(left).toContain('old1');
  const next = setUp();
  await next.say();
  expect([next.asked(), troubles]).toEqual([0, []]);
});
