import { settingsSchema } from '@sophy/contracts/settings';
import type { TtsAudio, TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import { speechShapedAudio } from '../scripted/speech-shaped-audio.ts';
import { speechServerTts } from './speech-server-engine.ts';
import { createSpeechServerTts } from './speech-server-tts.ts';
import { type SpeechServerLoopback, startSpeechServerLoopback } from './start-speech-server-loopback.ts';

let loopback: SpeechServerLoopback | undefined;
afterEach(async () => {
  await closeConnections();
  await loopback?.close();
});

const speech = speechShapedAudio(450, 24_000);
const speak = () => speech;
const patient = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
const request: TtsRequest = { text: 'Hello there', language: 'it', voice: undefined, speed: 1 };

async function open(
  options: Partial<Parameters<typeof startSpeechServerLoopback>[0]> = {},
  timeouts = patient,
) {
  const server = await startSpeechServerLoopback({ speak, ...options });
  loopback = server;
  return { server, port: createSpeechServerTts({ baseUrl: server.url, timeouts }) };
}

async function say(
  { port }: Pick<Awaited<ReturnType<typeof open>>, 'port'>,
  fields: Partial<TtsRequest> = {},
  signal = new AbortController().signal,
): Promise<readonly TtsAudio[]> {
  const pieces: TtsAudio[] = [];
  for await (const audio of port.synthesize({ ...request, ...fields }, { signal })) pieces.push(audio);
  return pieces;
}

const samplesOf = (pieces: readonly TtsAudio[]) => pieces.flatMap(({ samples }) => [...samples]);

describe('createSpeechServerTts', () => {
  it('speaks with the loaded engine and asks for the status once', async () => {
    const opened = await open();
    expect(samplesOf(await say(opened, { voice: 'carter', speed: 1.2 }))).toEqual([...speech.samples]);
    await say(opened);
    const { server } = opened;
    expect(server.requests).toMatchObject([
      {
        text: 'Hello there',
        voice: 'carter',
        language: 'it',
        speed: 1.2,
        engine: 'vibevoice',
        outcome: 'complete',
      },
      { voice: undefined, engine: 'vibevoice', outcome: 'complete' },
    ]);
    expect([server.statusRequests(), server.connections().opened]).toEqual([1, 1]);
  });

  it('speaks with another of its engines where the voice names one', async () => {
    const opened = await open();
    await say(opened, { voice: 'chatterbox/anna' });
    await say(opened, { voice: 'coqui/' });
    await say(opened, { voice: 'nobody/x' });
    expect(opened.server.requests).toMatchObject([
      { engine: 'chatterbox', voice: 'anna' },
      { engine: 'coqui', voice: undefined },
      { engine: 'vibevoice', voice: 'nobody/x' },
    ]);
  });

  it('takes the OpenAI side of a server that has only that', async () => {
    const opened = await open({ side: 'openai' });
    expect(samplesOf(await say(opened, { voice: 'emma' }))).toEqual([...speech.samples]);
    await say(opened);
    expect(opened.server.requests).toMatchObject([
      { voice: 'emma', language: 'it' },
      { text: 'Hello there' },
    ]);
    expect(opened.server.statusRequests()).toBe(1);
  });

  it('gives the first sound before the last is made', async () => {
    const gate = Promise.withResolvers<void>();
    const { port } = await open({
      pace: async (piece) => {
        if (piece > 0) await gate.promise;
      },
    });
    const answer = port.synthesize(request, { signal: new AbortController().signal })[Symbol.asyncIterator]();
    const first = await answer.next();
    expect(first.value?.samples.length).toBe(2_400);
    gate.resolve();
    const rest: TtsAudio[] = [];
    for (let next = await answer.next(); next.done !== true; next = await answer.next())
      rest.push(next.value);
    expect(samplesOf(rest).length).toBe(speech.samples.length - 2_400);
  });

  it.each(engineFaultCases)('goes wrong as told: $fault', async ({ fault, expected }) => {
    const opened = await open({}, timeoutsFor(fault));
    opened.server.setFault(fault);
    await expect(say(opened)).rejects.toMatchObject({ stage: 'tts', engine: 'speech-server', ...expected });
    await expect.poll(() => opened.server.requests[0]?.outcome).toBe('cut');
    opened.server.setFault(undefined);
    const port = createSpeechServerTts({ baseUrl: opened.server.url, timeouts: patient });
    expect(samplesOf(await say({ port }))).toHaveLength(speech.samples.length);
  });

  it('stops the server when the caller stops', async () => {
    const opened = await open({
      pace: (piece) => (piece === 0 ? Promise.resolve() : new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const answer = opened.port.synthesize(request, { signal: controller.signal })[Symbol.asyncIterator]();
    await answer.next();
    controller.abort();
    await expect(answer.next()).rejects.toMatchObject({ category: 'cancelled' });
    await expect.poll(() => opened.server.requests[0]?.outcome).toBe('cut');
    await expect.poll(() => opened.server.connections().open).toBe(0);
  });

  it('asks nothing for a text without a word', async () => {
    const opened = await open();
    expect(await say(opened, { text: ' … !' })).toEqual([]);
    expect(opened.server.statusRequests()).toBe(0);
  });
});

describe('speechServerTts', () => {
  const voicesAt = (url: string) =>
    speechServerTts.listVoices(
      { settings: settingsSchema.parse({ speech_server_url: url }), endpoints: nowhere },
      new AbortController().signal,
    );
  const nowhere = {
    enginesUrl: undefined,
    ollamaHost: '',
    openrouterBaseUrl: '',
    groqBaseUrl: '',
    cerebrasBaseUrl: '',
    deepgramBaseUrl: '',
    cartesiaBaseUrl: '',
    elevenlabsBaseUrl: '',
    edgeBaseUrl: '',
  };

  it('lists voices of the loaded engine, then the other engines', async () => {
    const { server } = await open();
    expect((await voicesAt(server.url)).map(({ id }) => id)).toEqual([
      'carter',
      'emma',
      'coqui/',
      'chatterbox/',
    ]);
  });

  it('lists voices that the status names, with their languages', async () => {
    const { server } = await open({
      status: { voices: [{ id: 'anna', language: 'it' }], available_engines: [] },
    });
    expect(await voicesAt(server.url)).toEqual([{ id: 'anna', name: 'anna', gender: '', locale: 'it' }]);
  });
});
