import { settingsSchema } from '@sophy/contracts/settings';
import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EngineContext } from '../engine-entry.ts';
import { closeConnections } from '../http/connection-pool.ts';
import { deepgramStt, deepgramTts } from './deepgram-engines.ts';
import { type DeepgramLoopback, startDeepgramLoopback } from './deepgram-loopback.ts';

let loopback: DeepgramLoopback;

beforeEach(async () => {
  loopback = await startDeepgramLoopback({ transcribe: () => 'ciao' });
});

afterEach(async () => {
  await closeConnections();
  await loopback.close();
});

function context(key: string): EngineContext {
  const elsewhere = 'http://127.0.0.1:1';
  return {
    settings: settingsSchema.parse({ deepgram_api_key: key }),
    endpoints: {
      enginesUrl: undefined,
      ollamaHost: elsewhere,
      openrouterBaseUrl: elsewhere,
      groqBaseUrl: elsewhere,
      cerebrasBaseUrl: elsewhere,
      cartesiaBaseUrl: elsewhere,
      elevenlabsBaseUrl: elsewhere,
      edgeBaseUrl: elsewhere,
      deepgramBaseUrl: loopback.url,
    },
  };
}

it('asks for a key and for nothing else', () => {
  for (const entry of [deepgramStt, deepgramTts]) {
    expect(entry.missing(context(''))).toContain('deepgram_api_key');
    expect(entry.missing(context('key'))).toBeUndefined();
  }
});

it('opens engines that hear and speak with the settings', async () => {
  const { signal } = new AbortController();
  const stt = deepgramStt.open(context('key'));
  if (stt.kind !== 'streaming') throw new Error('it hears no stream');
  expect(stt.label).toBe('deepgram:nova-3');
  const stream = stt.open({ language: 'it', signal });
  stream.push(new Int16Array(deepgramStt.capabilities.sampleRateHz).fill(8_000));
  stream.commit();
  for await (const event of stream.events) {
    expect(event.text).toBe('ciao');
    if (event.type === 'final') break;
  }
  await stream.close();

  const spoken = deepgramTts
    .open(context('key'))
    .synthesize({ text: 'Ciao', language: 'it', voice: undefined, speed: 1 }, { signal });
  for await (const audio of spoken) expect(audio.sampleRateHz).toBe(deepgramTts.capabilities.sampleRateHz);
  const voices = await deepgramTts.listVoices(context('key'), signal);
  expect(voices.map(({ id }) => id)).toContain(deepgramTts.defaultVoice('it'));
});

it('warms up with a request that a wrong key fails', async () => {
  for (const [key, status] of [
    ['key', 200],
    ['', 401],
  ] as const) {
    const warmUp = deepgramStt.warmUp?.(context(key));
    const answer = await request(warmUp?.url ?? '', { headers: warmUp?.headers ?? {} });
    await answer.body.dump();
    expect(answer.statusCode).toBe(status);
  }
});
