import { ProviderError } from '@sophy/conversation/provider-error';
import type { SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../http/connection-pool.ts';
import { engineFaultCases, timeoutsFor } from '../http/engine-fault-cases.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { speechShapedAudio } from '../scripted/speech-shaped-audio.ts';
import { type DeepgramLoopback, startDeepgramLoopback } from './deepgram-loopback.ts';
import { createDeepgramStt } from './deepgram-stt.ts';

const rate = 16_000;
const speech = speechShapedAudio(1_000, rate).samples;
const silence = new Int16Array(rate / 2);
const patient: EngineTimeouts = { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
let loopback: DeepgramLoopback;
let stream: SttStream | undefined;
let leaving: AbortController;

beforeEach(async () => {
  leaving = new AbortController();
  loopback = await startDeepgramLoopback({
    // A word for each 300 ms of sound.
    transcribe: (samples) =>
      ['ciao', 'come', 'stai'].slice(0, Math.floor(samples.length / (0.3 * rate))).join(' '),
  });
});

afterEach(async () => {
  await stream?.close();
  stream = undefined;
  await expect.poll(() => loopback.connections().open).toBe(0);
  await closeConnections();
  await loopback.close();
});

function open(
  changes: {
    readonly language?: string | undefined;
    readonly keepAliveMs?: number;
    readonly timeouts?: EngineTimeouts;
  } = {},
): SttStream {
  const { language, keepAliveMs, timeouts } = { language: 'it', timeouts: patient, ...changes };
  const stt = createDeepgramStt({
    baseUrl: loopback.url,
    apiKey: 'dg-secret',
    model: 'nova-3',
    endSilenceMs: 250,
    timeouts,
    keepAliveMs,
  });
  stream = stt.open({ language, signal: leaving.signal });
  return stream;
}

async function untilFinal(from: SttStream): Promise<SttStreamEvent[]> {
  const events: SttStreamEvent[] = [];
  for await (const event of from.events) {
    events.push(event);
    if (event.type === 'final') break;
  }
  return events;
}

/** Pushes sound as it would come: 20 ms at a time. */
function say(to: SttStream, samples: Int16Array): void {
  for (let start = 0; start < samples.length; start += 320) to.push(samples.subarray(start, start + 320));
}

async function failureOf(from: SttStream): Promise<ProviderError> {
  try {
    for await (const _event of from.events);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('the stream ended without a failure');
}

describe('createDeepgramStt', () => {
  it('gives words as they come and the utterance when the service hears the pause', async () => {
    const opened = open();
    say(opened, speech);
    say(opened, silence);
    const events = await untilFinal(opened);
    expect(events.filter(({ type }) => type === 'interim').map(({ text }) => text)).toContain('ciao come');
    expect(events.at(-1)).toEqual({ type: 'final', text: 'ciao come stai', language: 'it' });
    const [request] = loopback.requests;
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      model: 'nova-3',
      language: 'it',
      encoding: 'linear16',
      sample_rate: '16000',
      channels: '1',
      interim_results: 'true',
      smart_format: 'true',
      no_delay: 'true',
      endpointing: '250',
    });
    expect(request?.headers.authorization).toBe('Token dg-secret');
  });

  it('gives the final at once when the person pauses, before the service hears it', async () => {
    const opened = open();
    say(opened, speech);
    opened.commit();
    expect((await untilFinal(opened)).at(-1)).toEqual({
      type: 'final',
      text: 'ciao come stai',
      language: 'it',
    });
    expect(loopback.requests[0]?.messages).toContain('Finalize');
  });

  it('hears many languages when it is told none, and says which was spoken', async () => {
    const opened = open({ language: undefined });
    opened.push(speech);
    opened.commit();
    expect((await untilFinal(opened)).at(-1)).toMatchObject({ type: 'final', language: 'en' });
    expect(loopback.requests[0]?.query.get('language')).toBe('multi');
  });

  it('says that it is still there while no audio comes', async () => {
    const opened = open({ keepAliveMs: 20 });
    opened.push(silence);
    await expect.poll(() => loopback.requests[0]?.messages).toContain('KeepAlive');
  });

  it('tells why the service gave the stream up', async () => {
    await loopback.close();
    loopback = await startDeepgramLoopback({ idleMs: 20 });
    const error = await failureOf(open());
    expect(error).toMatchObject({ category: 'connectivity', isRetryable: true });
    expect(error.message).toContain('NET-0001');
  });

  it('ends the session of the service when it is closed', async () => {
    const opened = open();
    opened.push(silence);
    await expect.poll(() => loopback.requests[0]?.heardSeconds).toBe(0.5);
    await opened.close();
    expect(loopback.requests[0]).toMatchObject({ messages: ['CloseStream'], outcome: 'complete' });
  });

  it('ends without a failure when the caller leaves, at work and while it connects', async () => {
    const opened = open();
    leaving.abort();
    for await (const _event of opened.events);
    leaving = new AbortController();
    const second = open();
    second.push(speech);
    await expect.poll(() => loopback.requests.at(-1)?.heardSeconds).toBe(1);
    leaving.abort();
    for await (const _event of second.events);
  });

  it.each(engineFaultCases)(
    'makes $fault a failure of category $expected.category',
    async ({ fault, expected }) => {
      loopback.setFault('stt', fault);
      const opened = open({ timeouts: timeoutsFor(fault) });
      opened.push(speech);
      opened.commit();
      const error = await failureOf(opened);
      expect(error).toMatchObject({ stage: 'stt', engine: 'deepgram', ...expected });
      expect(error.message).not.toContain('dg-secret');
    },
  );
});
