import { settingsSchema } from '@sophy/contracts/settings';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { type DeepgramLoopback, startDeepgramLoopback } from './deepgram-loopback.ts';
import { createDeepgramTts } from './deepgram-tts.ts';
import { listDeepgramModels, listDeepgramVoices } from './deepgram-voices.ts';

const patient: EngineTimeouts = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
let loopback: DeepgramLoopback;

beforeEach(async () => {
  loopback = await startDeepgramLoopback();
});

afterEach(async () => {
  await closeConnections();
  await expect.poll(() => loopback.connections().open).toBe(0);
  await loopback.close();
});

const request = (changes: Partial<TtsRequest> = {}): TtsRequest => ({
  text: 'Ciao, come stai?',
  language: 'it',
  voice: undefined,
  speed: 1,
  ...changes,
});

async function say(changes: Partial<TtsRequest> = {}, timeouts = patient): Promise<number> {
  const tts = createDeepgramTts({ baseUrl: loopback.url, apiKey: 'dg-secret', timeouts });
  let samples = 0;
  for await (const audio of tts.synthesize(request(changes), { signal: new AbortController().signal })) {
    expect(audio.sampleRateHz).toBe(24_000);
    samples += audio.samples.length;
  }
  return samples;
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError but ${String(error)}`);
  return error;
}

describe('createDeepgramTts', () => {
  it('speaks with the voice of the language, every sample of it', async () => {
    // 60 ms a character: 16 of them at 24 kHz.
    expect(await say()).toBe(0.06 * 16 * 24_000);
    const [asked] = loopback.requests;
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      model: 'aura-2-livia-it',
      encoding: 'linear16',
      sample_rate: '24000',
      container: 'none',
    });
    expect(asked).toMatchObject({ text: 'Ciao, come stai?', outcome: 'complete' });
  });

  it('sends a speed only to voices that take one, within what they take', async () => {
    await say({ speed: 2 });
    await say({ speed: 2, language: 'en' });
    await say({ speed: 0.9, voice: 'aura-2-celeste-es' });
    expect(loopback.requests.map(({ query }) => query.get('speed'))).toEqual([null, '1.5', '0.9']);
  });

  it('asks nothing for text that is only silence', async () => {
    expect(await say({ text: ' … ' })).toBe(0);
    expect(loopback.requests).toEqual([]);
  });

  it('uses one connection for 20 sentences one after the other', async () => {
    for (let count = 0; count < 20; count += 1) await say();
    expect(loopback.connections()).toEqual({ opened: 1, open: 1 });
  });

  it('stops the service when the caller leaves', async () => {
    const leaving = new AbortController();
    const tts = createDeepgramTts({ baseUrl: loopback.url, apiKey: 'dg-secret', timeouts: patient });
    loopback.setFault('tts', { type: 'stall', afterPieces: 1 });
    const error = await failureOf(
      (async () => {
        for await (const _audio of tts.synthesize(request(), { signal: leaving.signal })) leaving.abort();
      })(),
    );
    expect(error.category).toBe('cancelled');
    await expect.poll(() => loopback.requests[0]?.outcome).toBe('cut');
  });

  it.each(engineFaultCases)(
    'makes $fault a failure of category $expected.category',
    async ({ fault, expected }) => {
      loopback.setFault('tts', fault);
      const error = await failureOf(say({}, timeoutsFor(fault)));
      expect(error).toMatchObject({ stage: 'tts', engine: 'deepgram', ...expected });
      expect(error.message).not.toContain('dg-secret');
    },
  );
});

describe('lists of Deepgram', () => {
  const options = () => ({
    baseUrl: loopback.url,
    apiKey: 'dg-secret',
    signal: new AbortController().signal,
  });

  it('names the voices of Aura-2', async () => {
    expect(await listDeepgramVoices(options())).toContainEqual({
      id: 'aura-2-livia-it',
      name: 'Livia',
      gender: 'female',
      locale: 'it-IT',
    });
  });

  it('names the models that hear a stream', async () => {
    expect(await listDeepgramModels(options())).toEqual([{ id: 'nova-3-general', name: 'nova-3-general' }]);
  });

  it('says that the key is wrong', async () => {
    const { deepgram_api_key: apiKey } = settingsSchema.parse({});
    expect((await failureOf(listDeepgramVoices({ ...options(), apiKey }))).category).toBe('authentication');
  });
});
