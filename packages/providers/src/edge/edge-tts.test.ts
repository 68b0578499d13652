import { ProviderError } from '@sophy/conversation/provider-error';
import type { TtsAudio, TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import type { SpeechLoopback } from '../http/loopback-speech.ts';
import { speechShapedAudio } from '../scripted/speech-shaped-audio.ts';
import { securityToken } from './edge-protocol.ts';
import { createEdgeTts } from './edge-tts.ts';
import { listEdgeVoices } from './edge-voices.ts';
import { startEdgeLoopback } from './start-edge-loopback.ts';

let loopback: SpeechLoopback | undefined;
afterEach(async () => {
  await closeConnections();
  await loopback?.close();
});

const speech = speechShapedAudio(950, 24_000);
const patient = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
const request: TtsRequest = { text: "Ciao <tu> & l'altro", language: 'it', voice: undefined, speed: 1 };

async function open(
  options: Partial<Parameters<typeof startEdgeLoopback>[0]> = {},
  timeouts = patient,
  nowMs?: () => number,
) {
  const server = await startEdgeLoopback({ speak: () => speech, ...options });
  loopback = server;
  return { server, port: createEdgeTts({ baseUrl: server.url, timeouts, ...(nowMs ? { nowMs } : {}) }) };
}

async function say(
  { port }: Pick<Awaited<ReturnType<typeof open>>, 'port'>,
  fields: Partial<TtsRequest> = {},
): Promise<readonly TtsAudio[]> {
  const pieces: TtsAudio[] = [];
  const { signal } = new AbortController();
  for await (const audio of port.synthesize({ ...request, ...fields }, { signal })) pieces.push(audio);
  return pieces;
}

const soundMs = (pieces: readonly TtsAudio[]) =>
  pieces.reduce((sum, { samples, sampleRateHz }) => sum + (samples.length / sampleRateHz) * 1_000, 0);
const loudness = (samples: readonly number[]) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('createEdgeTts', () => {
  it('decodes what it hears and speaks one text after the other over one connection', async () => {
    const opened = await open();
    const pieces = await say(opened);
    // An MP3 begins and ends with a few silent frames.
    expect(soundMs(pieces)).toBeGreaterThanOrEqual(950);
    expect(soundMs(pieces)).toBeLessThan(1_100);
    expect(new Set(pieces.map(({ sampleRateHz }) => sampleRateHz))).toEqual(new Set([24_000]));
    const heard = loudness(pieces.flatMap(({ samples }) => [...samples]));
    expect(heard / loudness([...speech.samples])).toBeGreaterThan(0.8);
    expect(heard / loudness([...speech.samples])).toBeLessThan(1.2);
    await say(opened, { voice: 'en-US-AvaNeural', speed: 0.8 });
    expect(opened.server.requests).toMatchObject([
      { text: request.text, voice: 'it-IT-ElsaNeural', speed: 1, outcome: 'complete' },
      { voice: 'en-US-AvaNeural', speed: 0.8, outcome: 'complete' },
    ]);
    expect(opened.server.connections().opened).toBe(1);
  });

  it('tells which words were said', async () => {
    const said = (await say(await open())).map(({ spokenCharacters }) => spokenCharacters ?? -1);
    expect(said.every((characters, index) => characters >= (said[index - 1] ?? 0))).toBe(true);
    expect(said[0]).toBe(0);
    expect(said).toContain(4);
    expect(said.at(-1)).toBe(request.text.length);
  });

  it('gives the first sound before the last is made', async () => {
    const gate = Promise.withResolvers<void>();
    const { port } = await open({
      pace: async (piece) => {
        if (piece > 1) await gate.promise;
      },
    });
    const answer = port.synthesize(request, { signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect((await answer.next()).value?.samples.length).toBeGreaterThan(0);
    gate.resolve();
    let pieces = 0;
    for (let next = await answer.next(); next.done !== true; next = await answer.next()) pieces += 1;
    expect(pieces).toBeGreaterThan(3);
  });

  it.each(engineFaultCases)('goes wrong as told: $fault', async ({ fault, expected }) => {
    const opened = await open({}, timeoutsFor(fault));
    opened.server.setFault(fault);
    await expect(say(opened)).rejects.toMatchObject({ stage: 'tts', engine: 'edge', ...expected });
    await expect.poll(() => opened.server.connections().open).toBe(0);
    opened.server.setFault(undefined);
    const port = createEdgeTts({ baseUrl: opened.server.url, timeouts: patient });
    expect(soundMs(await say({ port }))).toBeGreaterThan(900);
  });

  it('goes by the time of the service once it was refused for its own', async () => {
    const serverMs = Date.UTC(2026, 0, 1, 12);
    const opened = await open({ nowMs: () => serverMs }, patient, () => serverMs - 3_600_000);
    await expect(say(opened)).rejects.toMatchObject({
      category: 'connectivity',
      isRetryable: true,
      status: 403,
    });
    expect(soundMs(await say(opened))).toBeGreaterThan(900);
  });

  it('tells of a client that is refused although the clock is right', async () => {
    const serverMs = Date.UTC(2026, 0, 1, 12, 0, 1);
    // One second apart, but on the two sides of a period of the token.
    const opened = await open({ nowMs: () => serverMs }, patient, () => serverMs - 2_000);
    await expect(say(opened)).rejects.toMatchObject({ category: 'authentication', isRetryable: false });
  });

  it('tells of a voice that is not there', async () => {
    const opened = await open();
    await expect(say(opened, { voice: 'it-IT-NobodyNeural' })).rejects.toMatchObject({
      category: 'invalid-request',
      message: expect.stringContaining('it-IT-NobodyNeural'),
    });
  });

  it('drops the connection when the caller stops', async () => {
    const opened = await open({
      pace: (piece) => (piece < 2 ? Promise.resolve() : new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const answer = opened.port.synthesize(request, { signal: controller.signal })[Symbol.asyncIterator]();
    await answer.next();
    controller.abort();
    await expect(
      (async () => {
        for (;;) if ((await answer.next()).done === true) throw new Error('ended');
      })(),
    ).rejects.toMatchObject({ category: 'cancelled' });
    await expect.poll(() => opened.server.requests[0]?.outcome).toBe('cut');
    await closeConnections();
    await expect.poll(() => opened.server.connections().open).toBe(0);
  });

  it('makes the token that browsers make', () => {
    // SHA-256 of '133485840000000000' and the client token, by another program.
    const unixMs = 1_704_110_400_000;
    expect(securityToken(unixMs)).toBe('B7198EAE62351AA2EC818B6A4AB573618D324593D681DD904D5B90CE67294D41');
    expect(securityToken(unixMs + 299_000)).toBe(securityToken(unixMs));
    expect(securityToken(unixMs + 300_000)).not.toBe(securityToken(unixMs));
  });
});

describe('listEdgeVoices', () => {
  const { signal } = new AbortController();

  it('gives what the service lists', async () => {
    const { server } = await open();
    expect((await listEdgeVoices(server.url, signal)).map(({ id, locale }) => [id, locale])).toEqual([
      ['it-IT-ElsaNeural', 'it-IT'],
      ['en-US-AvaNeural', 'en-US'],
    ]);
  });

  it('gives lasting voices where it does not answer, unless the caller has stopped', async () => {
    const ids = (await listEdgeVoices('http://127.0.0.1:9', signal)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['it-IT-DiegoNeural', 'en-GB-SoniaNeural']));
    await expect(listEdgeVoices('http://127.0.0.1:9', AbortSignal.abort())).rejects.toThrow(ProviderError);
  });
});
