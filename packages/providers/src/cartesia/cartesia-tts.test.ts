import { ProviderError } from '@sophy/conversation/provider-error';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { type CartesiaLoopback, startCartesiaLoopback } from './cartesia-loopback.ts';
import { createCartesiaTts } from './cartesia-tts.ts';
import { listCartesiaVoices } from './cartesia-voices.ts';

const patient: EngineTimeouts = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
let loopback: CartesiaLoopback;

beforeEach(async () => {
  loopback = await startCartesiaLoopback();
});

afterEach(async () => {
  await closeConnections();
  await expect.poll(() => loopback.connections().open).toBe(0);
  await loopback.close();
});

function voice(timeouts = patient, model = 'sonic-3'): TtsPort {
  return createCartesiaTts({ baseUrl: loopback.url, apiKey: 'car-secret', timeouts, model });
}

const request = (changes: Partial<TtsRequest> = {}): TtsRequest => ({
  text: 'Ciao, come stai?',
  language: 'it',
  voice: undefined,
  speed: 1,
  ...changes,
});

async function say(tts: TtsPort, changes: Partial<TtsRequest> = {}): Promise<TtsAudio[]> {
  const pieces: TtsAudio[] = [];
  const { signal } = new AbortController();
  for await (const audio of tts.synthesize(request(changes), { signal })) pieces.push(audio);
  return pieces;
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError but ${String(error)}`);
  return error;
}

describe('createCartesiaTts', () => {
  it('speaks with the voice of the language, every sample, and tells how far it has come', async () => {
    const pieces = await say(voice());
    // 60 ms a character: 16 of them at 24 kHz.
    expect(pieces.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(0.06 * 16 * 24_000);
    expect(pieces.at(-1)?.spokenCharacters).toBe('Ciao, come stai?'.length);
    const told = pieces.flatMap(({ spokenCharacters }) => spokenCharacters ?? []);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told).toContain('Ciao,'.length);
    const [asked] = loopback.requests;
    expect(asked?.generation).toMatchObject({
      model_id: 'sonic-3',
      transcript: 'Ciao, come stai?',
      voice: { mode: 'id', id: '0e21713a-5e9a-428a-bed4-90d410b87f13' },
      language: 'it',
      output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
      continue: false,
    });
    expect(asked?.generation).not.toHaveProperty('generation_config');
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer car-secret' });
  });

  it('speaks faster within what the service takes, and not at all so with a model that cannot', async () => {
    await say(voice(), { speed: 2 });
    expect(loopback.requests.at(-1)?.generation).toMatchObject({ generation_config: { speed: 1.5 } });
    await say(voice(patient, 'sonic-2'), { speed: 2 });
    expect(loopback.requests.at(-1)?.generation).not.toHaveProperty('generation_config');
  });

  it('asks nothing for text that is only silence', async () => {
    expect(await say(voice(), { text: ' … ' })).toEqual([]);
    expect(loopback.connections().opened).toBe(0);
  });

  it('uses one connection for 20 sentences, one after the other and at once', async () => {
    for (let count = 0; count < 20; count += 1) await say(voice());
    await Promise.all(Array.from({ length: 5 }, () => say(voice())));
    expect(loopback.connections()).toEqual({ opened: 1, open: 1 });
    expect(loopback.requests.map(({ outcome }) => outcome)).toEqual(new Array(25).fill('complete'));
  });

  it('cancels what nobody wants to hear any more and keeps the connection', async () => {
    const leaving = new AbortController();
    const error = await failureOf(
      (async () => {
        const pieces = voice().synthesize(request({ text: 'Parola '.repeat(200) }), {
          signal: leaving.signal,
        });
        for await (const _audio of pieces) leaving.abort();
      })(),
    );
    expect(error.category).toBe('cancelled');
    await expect.poll(() => loopback.requests[0]?.outcome).toBe('cut');
    await say(voice());
    expect(loopback.connections()).toEqual({ opened: 1, open: 1 });
  });

  it('cancels when the caller stops to listen without a word', async () => {
    const pieces = voice().synthesize(request({ text: 'Parola '.repeat(200) }), {
      signal: new AbortController().signal,
    });
    for await (const _audio of pieces) break;
    await expect.poll(() => loopback.requests[0]?.outcome).toBe('cut');
  });

  it('makes an error of one sentence a failure of that one only', async () => {
    const [failed, spoken] = await Promise.allSettled([say(voice(), { voice: 'nobody' }), say(voice())]);
    expect(failed).toMatchObject({
      status: 'rejected',
      reason: { category: 'invalid-request', status: 404 },
    });
    expect(spoken.status).toBe('fulfilled');
    expect(loopback.connections()).toEqual({ opened: 1, open: 1 });
  });

  it('makes too many sentences at once a rate limit, not the end of the connection', async () => {
    await say(voice());
    loopback.setFault('tts', { type: 'status', status: 429 });
    expect(await failureOf(say(voice()))).toMatchObject({ category: 'rate-limit', isRetryable: true });
    loopback.setFault('tts', undefined);
    await say(voice());
    expect(loopback.connections().opened).toBe(1);
  });

  it('opens another connection after one that fell silent', async () => {
    const fault = { type: 'hang' } as const;
    loopback.setFault('tts', fault);
    await failureOf(say(voice(timeoutsFor(fault))));
    loopback.setFault('tts', undefined);
    expect(await say(voice())).not.toEqual([]);
    expect(loopback.connections().opened).toBe(2);
    await expect.poll(() => loopback.connections().open).toBe(1);
  });

  it.each(engineFaultCases)(
    'makes $fault a failure of category $expected.category',
    async ({ fault, expected }) => {
      loopback.setFault('tts', fault);
      const error = await failureOf(say(voice(timeoutsFor(fault))));
      expect(error).toMatchObject({ stage: 'tts', engine: 'cartesia', ...expected });
      expect(error.message).not.toContain('car-secret');
    },
  );
});

describe('listCartesiaVoices', () => {
  it('reads page after page', async () => {
    const { signal } = new AbortController();
    const voices = await listCartesiaVoices({ baseUrl: loopback.url, apiKey: 'car-secret', signal });
    expect(voices.map(({ name }) => name)).toEqual(['Katie', 'Alessandra', 'Luca']);
    expect(voices[2]).toMatchObject({ gender: 'male', locale: 'it' });
    expect(await failureOf(listCartesiaVoices({ baseUrl: loopback.url, apiKey: '', signal }))).toMatchObject({
      category: 'authentication',
    });
  });
});
