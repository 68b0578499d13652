import { settingsSchema } from '@sophy/contracts/settings';
import type { TtsAudio, TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import type { SpeechLoopback } from '../http/loopback-speech.ts';
import { speechShapedAudio } from '../scripted/speech-shaped-audio.ts';
import { elevenlabsTts } from './elevenlabs-engine.ts';
import { failureOfClose, failureOfMessage } from './elevenlabs-failure.ts';
import { createElevenLabsTts, elevenLabsDefaultVoice } from './elevenlabs-tts.ts';
import { startElevenLabsLoopback } from './start-elevenlabs-loopback.ts';

let loopback: SpeechLoopback | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await closeConnections();
  await loopback?.close();
});

const speech = speechShapedAudio(450, 24_000);
const patient = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
const request: TtsRequest = { text: 'Hello there, you', language: 'it', voice: 'v1', speed: 1 };

async function open(
  options: Partial<Parameters<typeof startElevenLabsLoopback>[0]> = {},
  { timeouts = patient, apiKey = 'k', model = 'eleven_flash_v2_5' } = {},
) {
  const server = await startElevenLabsLoopback({ speak: () => speech, ...options });
  loopback = server;
  return { server, port: createElevenLabsTts({ baseUrl: server.url, apiKey, model, timeouts }) };
}

const portAt = (baseUrl: string) =>
  createElevenLabsTts({ baseUrl, apiKey: 'k', model: 'eleven_flash_v2_5', timeouts: patient });

async function say(
  { port }: Pick<Awaited<ReturnType<typeof open>>, 'port'>,
  fields: Partial<TtsRequest> = {},
): Promise<readonly TtsAudio[]> {
  const pieces: TtsAudio[] = [];
  const { signal } = new AbortController();
  for await (const audio of port.synthesize({ ...request, ...fields }, { signal })) pieces.push(audio);
  return pieces;
}

const samplesOf = (pieces: readonly TtsAudio[]) => pieces.flatMap(({ samples }) => [...samples]);

describe('createElevenLabsTts', () => {
  it('speaks one text after the other over one connection, each in its own context', async () => {
    const opened = await open();
    expect(samplesOf(await say(opened, { speed: 1.1 }))).toEqual([...speech.samples]);
    for (let index = 0; index < 7; index += 1) await say(opened, { text: `Text ${index}.` });
    expect(opened.server.requests[0]).toMatchObject({
      text: 'Hello there, you',
      voice: 'v1',
      language: 'it',
      speed: 1.1,
      authorization: 'k',
      outcome: 'complete',
    });
    expect(opened.server.requests).toHaveLength(8);
    expect(opened.server.connections().opened).toBe(1);
  });

  it('has a connection for each voice, and for each of two texts at a time', async () => {
    const opened = await open();
    await Promise.all([say(opened), say(opened)]);
    expect(opened.server.connections().opened).toBe(2);
    await say(opened, { voice: undefined });
    expect(opened.server.connections().opened).toBe(3);
    expect(opened.server.requests[2]?.voice).toBe(elevenLabsDefaultVoice);
  });

  it.each(['sound', 'chunk'] as const)('tells which characters were said, timed by %s', async (alignment) => {
    const said = (await say(await open({ alignment }))).map(({ spokenCharacters }) => spokenCharacters);
    expect(said).toHaveLength(5);
    expect(said.every((characters, index) => (characters ?? -1) >= (said[index - 1] ?? 0))).toBe(true);
    expect(said[0]).toBeGreaterThanOrEqual(2);
    expect(said[0]).toBeLessThanOrEqual(4);
    expect(said.at(-1)).toBe(request.text.length);
  });

  it('names no language to models that refuse it', async () => {
    const opened = await open({}, { model: 'eleven_multilingual_v2' });
    await say(opened);
    expect(opened.server.requests[0]?.language).toBeUndefined();
  });

  it('gives the first sound before the last is made', async () => {
    const gate = Promise.withResolvers<void>();
    const { port } = await open({
      pace: async (piece) => {
        if (piece > 0) await gate.promise;
      },
    });
    const answer = port.synthesize(request, { signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect((await answer.next()).value?.samples.length).toBe(2_400);
    gate.resolve();
    let rest = 0;
    for (let next = await answer.next(); next.done !== true; next = await answer.next())
      rest += next.value.samples.length;
    expect(rest).toBe(speech.samples.length - 2_400);
  });

  it.each(engineFaultCases)('goes wrong as told: $fault', async ({ fault, expected }) => {
    const opened = await open({}, { timeouts: timeoutsFor(fault) });
    opened.server.setFault(fault);
    await expect(say(opened)).rejects.toMatchObject({ stage: 'tts', engine: 'elevenlabs', ...expected });
    await expect.poll(() => opened.server.connections().open).toBe(0);
    opened.server.setFault(undefined);
    expect(samplesOf(await say({ port: portAt(opened.server.url) }))).toHaveLength(speech.samples.length);
  });

  it.each(engineFaultCases)(
    'goes wrong as told on an open connection: $fault',
    async ({ fault, expected }) => {
      const opened = await open({}, { timeouts: timeoutsFor(fault) });
      await say(opened);
      opened.server.setFault(fault);
      const { category, isRetryable } = expected;
      await expect(say(opened)).rejects.toMatchObject({ category, isRetryable });
      expect(opened.server.connections().opened).toBe(1);
      await expect.poll(() => opened.server.connections().open).toBe(0);
    },
  );

  it('tells of a wrong key', async () => {
    const opened = await open({}, { apiKey: 'wrong' });
    await expect(say(opened)).rejects.toMatchObject({ category: 'authentication', isRetryable: false });
  });

  it('drops the connection when the caller stops, and has a fresh one for what comes next', async () => {
    let isHeld = true;
    const opened = await open({
      pace: (piece) => (piece === 0 || !isHeld ? Promise.resolve() : new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const answer = opened.port.synthesize(request, { signal: controller.signal })[Symbol.asyncIterator]();
    await answer.next();
    controller.abort();
    await expect(answer.next()).rejects.toMatchObject({ category: 'cancelled', isRetryable: false });
    await expect.poll(() => opened.server.requests[0]?.outcome).toBe('cut');
    await expect.poll(() => opened.server.connections()).toEqual({ opened: 2, open: 1 });
    isHeld = false;
    await say(opened);
    expect(opened.server.connections().opened).toBe(2);
    await closeConnections();
    await expect.poll(() => opened.server.connections().open).toBe(0);
  });

  it('does not take a caller who is busy for a service that stalls', async () => {
    const { port } = await open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = port.synthesize(request, { signal: new AbortController().signal })[Symbol.asyncIterator]();
    await answer.next();
    vi.advanceTimersByTime(patient.stallMs + 1);
    expect(await answer.next()).toMatchObject({ done: false });
    await answer.return?.();
  });

  it('stops the service even when the caller never looks again', async () => {
    const opened = await open({
      pace: (piece) => (piece === 0 ? Promise.resolve() : new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const answer = opened.port.synthesize(request, { signal: controller.signal })[Symbol.asyncIterator]();
    await answer.next();
    controller.abort();
    await expect.poll(() => opened.server.requests[0]?.outcome).toBe('cut');
    await expect.poll(() => opened.server.connections().open).toBe(0);
  });

  it('asks nothing for a text without a word or once the caller has stopped', async () => {
    const opened = await open();
    expect(await say(opened, { text: ' … !' })).toEqual([]);
    const late = opened.port.synthesize(request, { signal: AbortSignal.abort() })[Symbol.asyncIterator]();
    await expect(late.next()).rejects.toMatchObject({ category: 'cancelled' });
    expect(opened.server.connections().opened).toBe(0);
  });

  it.each([
    ['quota_exceeded', 'quota'],
    ['max_active_conversations', 'rate-limit'],
    ['Invalid API key', 'authentication'],
    ['voice_not_found', 'invalid-request'],
    ['something_went_wrong', 'server'],
  ])('knows %s as %s, from a message or a goodbye', (error, category) => {
    expect(failureOfMessage(error)).toMatchObject({ category });
    expect(failureOfClose(1_008, error)).toMatchObject({ category });
  });
});

describe('elevenlabsTts', () => {
  it('lists voices of every page and models that speak over a WebSocket', async () => {
    const { server } = await open();
    const context = {
      settings: settingsSchema.parse({ elevenlabs_api_key: 'k' }),
      endpoints: {
        enginesUrl: undefined,
        ollamaHost: '',
        openrouterBaseUrl: '',
        groqBaseUrl: '',
        cerebrasBaseUrl: '',
        deepgramBaseUrl: '',
        cartesiaBaseUrl: '',
        elevenlabsBaseUrl: server.url,
        edgeBaseUrl: '',
      },
    };
    const { signal } = new AbortController();
    expect(await elevenlabsTts.listVoices(context, signal)).toEqual([
      { id: 'a', name: 'Anna', gender: 'female', locale: 'it' },
      { id: 'b', name: 'Bruno', gender: '', locale: '' },
    ]);
    expect(await elevenlabsTts.listModels?.(context, signal)).toEqual([
      { id: 'eleven_flash_v2_5', name: 'Eleven Flash v2.5' },
    ]);
    expect(elevenlabsTts.missing(context)).toBeUndefined();
    expect(elevenlabsTts.open(context).label).toBe('elevenlabs:eleven_flash_v2_5');
  });
});
