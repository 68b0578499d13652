/** The real process with the real models, over HTTP, as workers and strangers use it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  enginesReadinessSchema,
  type LocalModel,
  localModelSchema,
  localModelsResponseSchema,
} from '@sophy/contracts/http-engines';
import type { ModelManifest } from '@sophy/contracts/model-manifest';
import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import { localTimeouts } from '@sophy/providers/http/engine-timeouts';
import { createOpenAiRealtimeStt } from '@sophy/providers/openai/openai-realtime-stt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fetchModels } from '../../../scripts/models/fetch-models.ts';
import { pcm16Bytes, wavHeader } from './tts/pcm16.ts';
import { wordErrors } from './word-errors.ts';

const repositoryRoot = resolve(import.meta.dirname, '..', '..', '..');
const setUpTimeoutMs = 600_000;

const errorSchema = z.object({ error: z.object({ message: z.string().min(1), type: z.string() }) });
const transcriptSchema = z.object({ text: z.string(), language: z.string().optional() });
const readyMessageSchema = z.object({ type: z.literal('ready'), port: z.number() });

/**
 * One place a stage, so that queues can be seen. The memory holds the models of the start but no second recognizer:
 * somebody has to go for it.
 */
const environment = {
  ENGINES_PORT: '0',
  ENGINES_CONCURRENCY: '1',
  ENGINES_QUEUE: '2',
  ENGINES_MEMORY_MB: '1500',
  ENGINES_PROVIDER: 'coreml',
  MODEL_SOURCE: 'none',
  ENGINES_THREADS: '2',
  LOG_LEVEL: 'error',
};

let engines: ChildProcess;
let baseUrl: string;
let dataDirectory: string;
/** "Good morning, how are you doing today?", for tests that only need some speech. */
let greeting: Buffer<ArrayBuffer>;

function startEngines(): ChildProcess {
  return fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...process.env, ...environment, SOPHY_DATA_DIR: dataDirectory },
  });
}

/** A model directory of links to the real models, with a second recognizer (the same files) and one that is huge. */
async function linkModels(manifest: ModelManifest, real: string): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'sophy-engines-'));
  const directory = join(data, 'models');
  await mkdir(join(directory, 'whisper-medium'), { recursive: true });
  for (const model of manifest.models)
    await symlink(join(real, model.directory), join(directory, model.directory));
  const recognizer = manifest.models.find(({ id }) => id === 'whisper-base');
  if (recognizer?.kind !== 'stt') throw new Error('whisper-base is missing');
  await symlink(join(real, recognizer.directory), join(directory, 'whisper-small'));
  const hugeBytes = 5_000_000_000;
  await writeFile(join(directory, 'whisper-medium', 'encoder.int8.onnx'), '');
  await truncate(join(directory, 'whisper-medium', 'encoder.int8.onnx'), hugeBytes);
  const second = { ...recognizer, id: 'whisper-small', directory: 'whisper-small', title: 'Second Whisper' };
  const [file] = recognizer.files;
  if (file === undefined) throw new Error('whisper-base has no files');
  const huge = {
    ...recognizer,
    id: 'whisper-medium',
    directory: 'whisper-medium',
    files: [{ ...file, name: 'encoder.int8.onnx', bytes: hugeBytes }],
  };
  const linked: ModelManifest = { ...manifest, models: [...manifest.models, second, huge] };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(linked));
  return data;
}

async function readyPort(child: ChildProcess): Promise<number> {
  const [message] = await once(child, 'message');
  return readyMessageSchema.parse(message).port;
}

beforeAll(async () => {
  const realModels = join(repositoryRoot, '.sophy', 'models');
  const manifest = await fetchModels({
    directory: realModels,
    source: 'auto',
    languages: ['en', 'it'],
    onProgress: () => undefined,
    signal: AbortSignal.timeout(setUpTimeoutMs),
  });
  dataDirectory = await linkModels(manifest, realModels);
  engines = startEngines();
  baseUrl = `http://127.0.0.1:${await readyPort(engines)}`;
  greeting = await speak('Good morning, how are you doing today?', { language: 'en' });
}, setUpTimeoutMs);

afterAll(async () => {
  const exit = once(engines, 'exit');
  engines.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  await rm(dataDirectory, { recursive: true });
});

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function speak(input: string, options: object = {}): Promise<Buffer<ArrayBuffer>> {
  const response = await post('/v1/audio/speech', { input, response_format: 'wav', ...options });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

function upload(
  file: Uint8Array<ArrayBuffer> | string,
  fields: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([file]), 'speech.wav');
  return fetch(`${baseUrl}/v1/audio/transcriptions`, { method: 'POST', body: form });
}

async function transcribe(wav: Buffer, fields: Record<string, string> = {}) {
  const response = await upload(new Uint8Array(wav), fields);
  expect(response.status).toBe(200);
  return transcriptSchema.parse(await response.json());
}

function queuedRequests(stage: string, metrics: string): number {
  return Number(
    new RegExp(`sophy_engine_queued\\{[^}]*stage="${stage}"[^}]*\\} (\\d+)`).exec(metrics)?.[1] ?? 0,
  );
}

/** Resolves when so many requests wait at a stage. */
async function untilQueued(stage: string, count: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${baseUrl}/metrics`)).text();
    if (queuedRequests(stage, metrics) === count) return;
  }
}

const longText = 'This sentence is said again and again until nobody wants to hear it any more. '.repeat(50);

describe('readiness', () => {
  it('names every stage, its model and the voices of both languages', async () => {
    const response = await fetch(`${baseUrl}/readyz`);
    expect(response.status).toBe(200);
    const readiness = enginesReadinessSchema.parse(await response.json());
    expect(readiness.stt.model).toContain('Whisper');
    const locales = readiness.tts.voices.map((voice) => voice.locale);
    expect(locales).toContain('en_US');
    expect(locales).toContain('it_IT');
    expect(readiness.llm.demo).toBe(readiness.llm.model.includes('demo brain'));
    expect((await fetch(`${baseUrl}/livez`)).status).toBe(200);
  });

  it('lists the models that are there and those that could be', async () => {
    const { data } = localModelsResponseSchema.parse(await (await fetch(`${baseUrl}/v1/models`)).json());
    const byState = Map.groupBy(data, ({ state }) => state);
    expect(byState.get('loaded')?.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['stt', 'tts', 'llm']),
    );
    expect(data.find(({ id }) => id === 'whisper-large-v3-turbo')?.state).toBe('installable');
  });
});

describe('ears and voice', () => {
  const sentences = [
    'What is the weather like in Rome today?',
    'Please remind me to call my brother tomorrow morning.',
    'The train to Milan leaves at half past seven.',
    'I would like to book a table for four people.',
    'Can you tell me how far it is to the airport?',
    'Thank you very much, that is all for now.',
  ];

  /** What was said, sentence by sentence: the next test puts it together. */
  const spoken: Buffer[] = [];

  it('understands what it says: at most one word in ten is wrong', async () => {
    let errors = 0;
    let words = 0;
    for (const sentence of sentences) {
      const wav = await speak(sentence, { language: 'en' });
      spoken.push(wav);
      const { text } = await transcribe(wav, { language: 'en' });
      const result = wordErrors(sentence, text);
      errors += result.errors;
      words += result.words;
    }
    expect(errors / words).toBeLessThanOrEqual(0.1);
  });

  it('tells the language when none is given', async () => {
    const heard = await transcribe(greeting);
    expect(heard.language).toBe('en');
  });

  it('hears stereo of 44.1 kHz', async () => {
    const wav = await speak('The train to Milan leaves at half past seven.');
    const { text } = await transcribe(stereo44kHz(wav), { language: 'en-US' });
    expect(text).toMatch(/train to Milan/i);
  });

  it('hears more than thirty seconds to the end', async () => {
    const long = `${sentences.join(' ')} `.repeat(2);
    const bytesPerSecond = 22_050 * 2;
    const pause = Buffer.alloc(0.8 * bytesPerSecond);
    const samples = [...spoken, ...spoken].flatMap((wav) => [wav.subarray(44), pause]);
    const wav = Buffer.concat([wavHeader(22_050), ...samples]);
    expect(wav.length / bytesPerSecond).toBeGreaterThan(30);
    const { text } = await transcribe(wav, { language: 'en' });
    const { errors, words } = wordErrors(long, text);
    expect(errors / words).toBeLessThanOrEqual(0.2);
  });

  it('tells where the pieces of long audio lie, and no times of words that Whisper does not know', async () => {
    const response = await upload(greeting, { response_format: 'verbose_json', language: 'en' });
    const verbose = z
      .strictObject({
        task: z.literal('transcribe'),
        language: z.literal('en'),
        duration: z.number().positive(),
        text: z.string(),
        segments: z.tuple([
          z.object({ id: z.literal(0), start: z.literal(0), end: z.number().positive(), text: z.string() }),
        ]),
      })
      .parse(await response.json());
    expect(verbose.segments[0].end).toBeCloseTo(verbose.duration);
  });

  it('hears no words in silence, and none in a click', async () => {
    const silence = Buffer.concat([wavHeader(16_000), Buffer.alloc(64_000)]);
    expect((await transcribe(silence)).text).toBe('');
    expect((await transcribe(Buffer.concat([wavHeader(16_000), Buffer.alloc(20, 0x70)]))).text).toBe('');
  });

  it('speaks Italian', async () => {
    const response = await post('/v1/audio/speech', {
      input: 'Buongiorno, come posso aiutarti?',
      language: 'it',
      response_format: 'pcm',
    });
    expect(response.status).toBe(200);
    const rateHz = Number(/^audio\/pcm;rate=(\d+)$/.exec(response.headers.get('content-type') ?? '')?.[1]);
    const seconds = (await response.arrayBuffer()).byteLength / 2 / rateHz;
    expect(seconds).toBeGreaterThan(0.3);
  });

  it('sends the first sentence before the second is made', async () => {
    const response = await post('/v1/audio/speech', { input: longText, response_format: 'pcm' });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(1_000);
    await reader?.cancel();
  });

  it('has nothing to say for punctuation', async () => {
    const response = await post('/v1/audio/speech', { input: '... !', response_format: 'pcm' });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });
});

describe('brain', () => {
  const messages = [
    { role: 'system', content: 'Answer in one short sentence.' },
    { role: 'user', content: 'What is the capital of France?' },
  ];

  it('answers whole', async () => {
    const response = await post('/v1/chat/completions', { messages, max_tokens: 40 });
    expect(response.status).toBe(200);
    const answer = z
      .object({
        choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
        usage: z.object({ prompt_tokens: z.number().positive(), completion_tokens: z.number().positive() }),
      })
      .parse(await response.json());
    expect(answer.choices[0].message.content).toMatch(/Paris/);
  });

  it('streams, in the language of the question, without labels of roles', async () => {
    const response = await post('/v1/chat/completions', {
      messages: [{ role: 'user', content: 'Qual è la capitale della Francia?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunkSchema = z.object({
      choices: z.array(
        z.object({
          delta: z.object({ content: z.string().optional() }),
          finish_reason: z.string().nullable(),
        }),
      ),
      usage: z.object({ total_tokens: z.number() }).optional(),
    });
    const chunks = events
      .slice(0, -1)
      .map((event) => chunkSchema.parse(JSON.parse(event.slice('data: '.length))));
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toMatch(/Parigi/);
    expect(text).not.toMatch(/Persona:|Sophy:|\n/);
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('stops at a given text and at a given length', async () => {
    const answerSchema = z.object({
      choices: z.tuple([z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })]),
    });
    const stopped = await post('/v1/chat/completions', { messages, stop: ['Paris'] });
    expect(answerSchema.parse(await stopped.json()).choices[0].message.content).not.toContain('Paris');
    const cut = await post('/v1/chat/completions', { messages, max_tokens: 2 });
    expect(answerSchema.parse(await cut.json()).choices[0].finish_reason).toBe('length');
  });
});

describe('bad input', () => {
  const question = [{ role: 'user', content: 'Hello' }];
  it.each([
    ['empty text', '/v1/audio/speech', { input: ' \n' }],
    ['text of NUL bytes', '/v1/audio/speech', { input: '\u0000\u0000' }],
    ['too much text', '/v1/audio/speech', { input: 'a'.repeat(5_000) }],
    ['an unknown voice', '/v1/audio/speech', { input: 'Hello', voice: 'nobody' }],
    ['a language without voice', '/v1/audio/speech', { input: 'Hello', language: 'xx' }],
    ['an unknown format', '/v1/audio/speech', { input: 'Hello', response_format: 'mp3' }],
    ['a wrong type', '/v1/audio/speech', { input: 5 }],
    ['no messages', '/v1/chat/completions', { messages: [] }],
    ['a nameless role', '/v1/chat/completions', { messages: [{ role: 'king', content: 'Hello' }] }],
    ['an endless answer', '/v1/chat/completions', { messages: question, max_tokens: 1e9 }],
    ['no JSON object', '/v1/chat/completions', 'hello'],
  ])('refuses %s', async (_name, path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(errorSchema.parse(await response.json()).error.type).toBe('invalid_request_error');
  });

  it.each([
    ['garbage for a WAV', 'this is no audio', {}],
    ['an empty file', '', {}],
    ['a language that would kill the recognizer', 'x', { language: 'klingon' }],
    ['a format it does not write', 'x', { response_format: 'srt' }],
  ])('refuses %s', async (_name, file, fields) => {
    const response = await upload(file, fields);
    expect(response.status).toBe(400);
    errorSchema.parse(await response.json());
  });

  it('refuses damaged JSON, another content type, a huge body, a huge file and an unknown path', async () => {
    const url = `${baseUrl}/v1/chat/completions`;
    const json = { 'content-type': 'application/json' };
    const answers = await Promise.all([
      fetch(url, { method: 'POST', headers: json, body: '{"messages":' }),
      fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' }),
      fetch(url, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ messages: 'x'.repeat(1_100_000) }),
      }),
      fetch(`${baseUrl}/v1/audio/transcriptions`, { method: 'POST', headers: json, body: '{}' }),
      fetch(`${baseUrl}/v1/nothing`),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([400, 415, 413, 400, 404]);
    for (const answer of answers) errorSchema.parse(await answer.json());
    const hugeFile = await upload(new Uint8Array(26_000_000));
    expect(hugeFile.status).toBe(413);
    errorSchema.parse(await hugeFile.json());
  });

  it('still works afterwards', async () => {
    expect((await fetch(`${baseUrl}/readyz`)).status).toBe(200);
  });
});

describe('places', () => {
  it('gives the place of a client that left to the next', async () => {
    const leaving = new AbortController();
    const first = await post('/v1/audio/speech', { input: longText, response_format: 'pcm' }, leaving.signal);
    const reader = first.body?.getReader();
    await reader?.read();
    const waitingLeaver = new AbortController();
    const second = post('/v1/audio/speech', { input: 'Me too.' }, waitingLeaver.signal);
    await untilQueued('tts', 1);
    waitingLeaver.abort();
    await expect(second).rejects.toThrow();
    await untilQueued('tts', 0);
    leaving.abort();
    const nextAtMs = performance.now();
    expect((await speak('Next, please.')).length).toBeGreaterThan(1_000);
    // The whole long text takes more than ten seconds to make.
    expect(performance.now() - nextAtMs).toBeLessThan(8_000);
  });

  it('lets parallel requests wait, and sends away those too many', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => upload(greeting, { language: 'en' })));
    const refused = answers.filter((answer) => answer.status === 429);
    expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer.headers.get('retry-after')).toBe('1');
      errorSchema.parse(await answer.json());
    }
  });
});

describe('models', () => {
  async function listed(): Promise<LocalModel[]> {
    return localModelsResponseSchema.parse(await (await fetch(`${baseUrl}/v1/models`)).json()).data;
  }
  async function messageOf(response: Response): Promise<string> {
    return errorSchema.parse(await response.json()).error.message;
  }
  it('takes the default for no name and for names of OpenAI', async () => {
    for (const model of ['base', 'whisper-1']) expect((await upload(greeting, { model })).status).toBe(200);
  });

  it('says what there is for an unknown name, and how to get what is not there', async () => {
    const unknown = await upload(greeting, { model: 'huge-v9' });
    expect(unknown.status).toBe(404);
    expect(await messageOf(unknown)).toContain('Installed: whisper-base');
    const missing = await upload(greeting, { model: 'large-v3-turbo' });
    expect(missing.status).toBe(409);
    expect(await messageOf(missing)).toContain('POST /v1/models/whisper-large-v3-turbo/download');
    expect(
      (await post('/v1/chat/completions', { model: 'gpt-9', messages: [{ role: 'user', content: 'Hi' }] }))
        .status,
    ).toBe(404);
  });

  it('refuses what can never fit into its memory', async () => {
    const response = await upload(greeting, { model: 'whisper-medium' });
    expect(response.status).toBe(503);
    expect(await messageOf(response)).toContain('ENGINES_MEMORY_MB');
  });

  it('loads another model on demand and lets idle ones go for it, then the first again', async () => {
    const { text } = await transcribe(greeting, { model: 'small', language: 'en' });
    expect(text).toMatch(/good morning/i);
    const afterwards = await listed();
    const stateOf = (id: string) => afterwards.find((model) => model.id === id)?.state;
    expect(stateOf('whisper-small')).toBe('loaded');
    expect(afterwards.filter(({ state }) => state === 'installed').length).toBeGreaterThanOrEqual(2);
    expect((await transcribe(greeting, { language: 'en' })).text).toMatch(/good morning/i);
    expect((await speak('Here I am again.')).length).toBeGreaterThan(1_000);
  });

  it('tells why a download failed, and leaves nothing behind', async () => {
    const started = await fetch(`${baseUrl}/v1/models/whisper-tiny.en/download`, { method: 'POST' });
    expect(started.status).toBe(202);
    for (;;) {
      const answer = await fetch(`${baseUrl}/v1/models/whisper-tiny.en`);
      const { state, download } = localModelSchema.parse(await answer.json());
      if (state === 'downloading') continue;
      expect(state).toBe('failed');
      expect(download?.message).toContain('MODEL_SOURCE is none');
      break;
    }
    expect((await upload(greeting, { model: 'tiny.en' })).status).toBe(409);
  });

  it('deletes a model, but not the one that serves everybody', async () => {
    const kept = await fetch(`${baseUrl}/v1/models/whisper-base`, { method: 'DELETE' });
    expect(kept.status).toBe(409);
    const gone = await fetch(`${baseUrl}/v1/models/whisper-medium`, { method: 'DELETE' });
    expect(gone.status).toBe(204);
    expect((await listed()).find(({ id }) => id === 'whisper-medium')?.state).toBe('installable');
    expect((await fetch(`${baseUrl}/v1/models/nothing`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('realtime', () => {
  const said = 'I would like to book a table for four people, and then take the train to Milan.';

  it('tells words while somebody speaks, and the whole when they pause', async () => {
    const wav = await speak(said, { language: 'en' });
    const port = createOpenAiRealtimeStt({
      baseUrl: `${baseUrl}/v1`,
      apiKey: undefined,
      model: '',
      engine: 'openai-realtime',
      endSilenceMs: 400,
      timeouts: localTimeouts.stt,
    });
    const stream = port.open({ language: 'en', signal: AbortSignal.timeout(40_000) });
    const heard: SttStreamEvent[] = [];
    const listening = (async () => {
      for await (const event of stream.events) {
        heard.push(event);
        if (event.type === 'final') return;
      }
    })();
    // As a microphone would, until there are words; slower from the middle on, for engines that are busy elsewhere.
    const pieces = piecesOf(wav, port.sampleRateHz);
    for (const [index, piece] of pieces.entries()) {
      stream.push(piece);
      if (heard.length === 0) await delay(index < pieces.length / 2 ? pieceMs : 3 * pieceMs);
    }
    await listening;
    await stream.close();
    const final = heard.at(-1);
    expect(final?.type).toBe('final');
    const { errors, words } = wordErrors(said, final?.text ?? '');
    expect(errors / words).toBeLessThanOrEqual(0.15);
    const interims = heard.slice(0, -1);
    expect(interims.length).toBeGreaterThan(0);
    expect(said.toLowerCase()).toContain((interims[0]?.text ?? 'nothing').toLowerCase().replace(/[.,]$/, ''));
  });

  it('ends the utterance when the client says so', async () => {
    const wav = await speak('Please remind me to call my brother tomorrow morning.', { language: 'en' });
    const port = createOpenAiRealtimeStt({
      baseUrl: `${baseUrl}/v1`,
      apiKey: undefined,
      model: 'base',
      engine: 'openai-realtime',
      // Longer than the test waits.
      endSilenceMs: 9_000,
      timeouts: localTimeouts.stt,
    });
    const stream = port.open({ language: 'en', signal: AbortSignal.timeout(20_000) });
    for (const piece of piecesOf(wav, port.sampleRateHz)) stream.push(piece);
    stream.commit();
    for await (const event of stream.events) {
      if (event.type !== 'final') continue;
      expect(event.text).toMatch(/call my brother tomorrow/i);
      break;
    }
    await stream.close();
  });

  it('refuses a model that is not there', async () => {
    const port = createOpenAiRealtimeStt({
      baseUrl: `${baseUrl}/v1`,
      apiKey: undefined,
      model: 'huge-v9',
      engine: 'openai-realtime',
      timeouts: localTimeouts.stt,
    });
    const stream = port.open({ language: undefined, signal: AbortSignal.timeout(20_000) });
    const iterator = stream.events[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow(/model_not_found/);
    await stream.close();
  });
});

describe('process', () => {
  it('ends when its parent is gone, while it loads too', async () => {
    const orphan = startEngines();
    orphan.disconnect();
    const exit = await once(orphan, 'exit', { signal: AbortSignal.timeout(30_000) });
    expect(exit).toEqual([0, null]);
  });
});

const pieceMs = 100;

/** Samples of a WAV of 22.05 kHz at another rate, in pieces of 100 ms, and a second of silence after them. */
function piecesOf(wav: Buffer, rateHz: number): Int16Array[] {
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
  const step = 22_050 / rateHz;
  const resampled = new Int16Array(Math.floor(samples.length / step) + rateHz);
  for (let index = 0; index * step < samples.length - 1; index += 1) {
    const at = index * step;
    const [left = 0, right = 0] = [samples[Math.floor(at)], samples[Math.floor(at) + 1]];
    resampled[index] = Math.round(left + (right - left) * (at - Math.floor(at)));
  }
  const pieceLength = (rateHz * pieceMs) / 1_000;
  return Array.from({ length: Math.ceil(resampled.length / pieceLength) }, (_, index) =>
    resampled.subarray(index * pieceLength, (index + 1) * pieceLength),
  );
}

/** The same sound at twice the sample rate on two channels: each sample of 22.05 kHz four times. */
function stereo44kHz(wav: Buffer): Buffer {
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
  const interleaved = new Int16Array(samples.length * 4);
  for (const [index, sample] of samples.entries()) interleaved.fill(sample, index * 4, index * 4 + 4);
  const header = wavHeader(44_100, interleaved.byteLength);
  header.writeUInt16LE(2, 22);
  header.writeUInt16LE(4, 32);
  return Buffer.concat([header, pcm16Bytes(interleaved)]);
}
