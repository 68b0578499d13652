import { settingsSchema } from '@sophy/contracts/settings';
import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EngineContext } from '../engine-entry.ts';
import { closeConnections } from '../http/connection-pool.ts';
import { cartesiaStt, cartesiaTts } from './cartesia-engines.ts';
import { type CartesiaLoopback, startCartesiaLoopback } from './cartesia-loopback.ts';

let loopback: CartesiaLoopback;

beforeEach(async () => {
  loopback = await startCartesiaLoopback({ transcribe: () => 'ciao' });
});

afterEach(async () => {
  await closeConnections();
  await loopback.close();
});

function context(key: string): EngineContext {
  const elsewhere = 'http://127.0.0.1:1';
  return {
    settings: settingsSchema.parse({ cartesia_api_key: key }),
    endpoints: {
      enginesUrl: undefined,
      ollamaHost: elsewhere,
      openrouterBaseUrl: elsewhere,
      groqBaseUrl: elsewhere,
      cerebrasBaseUrl: elsewhere,
      deepgramBaseUrl: elsewhere,
      elevenlabsBaseUrl: elsewhere,
      edgeBaseUrl: elsewhere,
      cartesiaBaseUrl: loopback.url,
    },
  };
}

it('asks for a key and for nothing else', () => {
  for (const entry of [cartesiaStt, cartesiaTts]) {
    expect(entry.missing(context(''))).toContain('cartesia_api_key');
    expect(entry.missing(context('key'))).toBeUndefined();
  }
});

it('opens engines that hear and speak with the settings', async () => {
  const { signal } = new AbortController();
  const stt = cartesiaStt.open(context('key'));
  if (stt.kind !== 'streaming') throw new Error('it hears no stream');
  expect(stt.label).toBe('cartesia:ink-whisper');
  const stream = stt.open({ language: 'it', signal });
  stream.push(new Int16Array(cartesiaStt.capabilities.sampleRateHz).fill(8_000));
  stream.commit();
  for await (const event of stream.events) {
    expect(event.text).toBe('ciao');
    if (event.type === 'final') break;
  }
  await stream.close();

  const spoken = cartesiaTts
    .open(context('key'))
    .synthesize({ text: 'Ciao', language: 'it', voice: undefined, speed: 1 }, { signal });
  for await (const audio of spoken) expect(audio.sampleRateHz).toBe(cartesiaTts.capabilities.sampleRateHz);
  const voices = await cartesiaTts.listVoices(context('key'), signal);
  expect(voices.map(({ id }) => id)).toContain(cartesiaTts.defaultVoice('it'));
});

it('warms up with a request that a wrong key fails', async () => {
  for (const [key, status] of [
    ['key', 200],
    ['', 401],
  ] as const) {
    const warmUp = cartesiaStt.warmUp?.(context(key));
    const answer = await request(warmUp?.url ?? '', { headers: warmUp?.headers ?? {} });
    await answer.body.dump();
    expect(answer.statusCode).toBe(status);
  }
});
