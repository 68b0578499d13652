import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import { closeConnections } from '@sophy/providers/http/connection-pool';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import type { EngineTimeouts } from '@sophy/providers/http/engine-timeouts';
import { createOpenAiLlm } from '@sophy/providers/openai/openai-llm';
import { createOpenAiRealtimeStt } from '@sophy/providers/openai/openai-realtime-stt';
import { createOpenAiStt } from '@sophy/providers/openai/openai-stt';
import { createOpenAiTts } from '@sophy/providers/openai/openai-tts';
import { speechShapedAudio } from '@sophy/providers/scripted/speech-shaped-audio';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ScriptedEngineServer,
  type ScriptedEngineServerOptions,
  startScriptedEngineServer,
} from './scripted-engine-server.ts';
import { wordsHeard } from './scripted-engine-server-hearing.ts';

let server: ScriptedEngineServer | undefined;

afterEach(async () => {
  await closeConnections();
  await server?.stop();
  server = undefined;
});

const delays = { sttMs: 20, realtimeMs: 20, llmFirstTokenMs: 20, ttsFirstByteMs: 20 };
const patient: EngineTimeouts = { connectMs: 1_000, answerMs: 5_000, stallMs: 5_000 };
const hurried: EngineTimeouts = { connectMs: 1_000, answerMs: 60, stallMs: 60 };
const signal = new AbortController().signal;
const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello?' },
] as const;
const speech16 = speechShapedAudio(300, 16_000);

async function start(options: ScriptedEngineServerOptions = {}): Promise<ScriptedEngineServer> {
  server = await startScriptedEngineServer({ delays, tokensPerSecond: 500, speechPace: 50, ...options });
  return server;
}

const endpoint = (running: ScriptedEngineServer, timeouts: EngineTimeouts) => ({
  baseUrl: running.baseUrl,
  apiKey: 'sk-1',
  model: 'm',
  engine: 'openai',
  timeouts,
});

async function hear(running: ScriptedEngineServer, timeouts = patient): Promise<string> {
  const stt = createOpenAiStt(endpoint(running, timeouts));
  return (await stt.transcribe(speech16, { language: 'it', signal })).text;
}

async function think(running: ScriptedEngineServer, timeouts = patient): Promise<string> {
  let text = '';
  const llm = createOpenAiLlm(endpoint(running, timeouts));
  for await (const event of llm.stream({ messages, maxTokens: 9 }, { signal }))
    if (event.type === 'text') text += event.text;
  return text;
}

async function speak(running: ScriptedEngineServer, timeouts = patient): Promise<number> {
  let samples = 0;
  const tts = createOpenAiTts(endpoint(running, timeouts));
  const request = { text: 'Hello there', language: 'en', voice: 'alloy', speed: 1 };
  for await (const piece of tts.synthesize(request, { signal })) samples += piece.samples.length;
  return samples;
}

/** Two utterances of 300 ms with 300 ms of silence after each; leaves after `finals` finals. */
async function listen(
  running: ScriptedEngineServer,
  timeouts = patient,
  finals = 2,
): Promise<SttStreamEvent[]> {
  const stt = createOpenAiRealtimeStt(endpoint(running, timeouts));
  const stream = stt.open({ language: 'it', signal });
  const sound = speechShapedAudio(300, stt.sampleRateHz).samples;
  const silence = new Int16Array(Math.round(stt.sampleRateHz * 0.3));
  for (const samples of [sound, silence, sound, silence]) stream.push(samples);
  const events: SttStreamEvent[] = [];
  try {
    for await (const event of stream.events) {
      events.push(event);
      if (events.filter(({ type }) => type === 'final').length === finals) break;
    }
  } finally {
    await stream.close();
  }
  return events;
}

describe('the scripted engine server', () => {
  it('hears, thinks and speaks after its waits, and records what it was asked', async () => {
    const running = await start({
      transcripts: ['Ciao Sophy'],
      reply: ({ messages: asked }) => `You said ${asked.at(-1)?.content}`,
    });
    expect(await hear(running)).toBe('Ciao Sophy');
    expect(await think(running)).toBe('You said Hello?');
    expect(await speak(running)).toBe('Hello there'.length * 60 * 24);
    expect(running.requests).toMatchObject([
      { stage: 'stt', language: 'it', model: 'm', text: 'Ciao Sophy', authorization: 'Bearer sk-1' },
      { stage: 'llm', messages, reply: 'You said Hello?' },
      { stage: 'tts', text: 'Hello there', voice: 'alloy', speed: 1 },
    ]);
    for (const request of running.requests) {
      expect(request.outcome).toBe('complete');
      expect(request.waitedMs).toBeGreaterThanOrEqual(20);
    }
    const [heard] = running.requests;
    if (heard?.stage !== 'stt') throw new Error('the first request is a transcription');
    expect(heard.audio).toEqual(speech16);
  });

  it('speaks WAV too, and tells texts by the length of the audio', async () => {
    const running = await start({
      speechFormat: 'wav',
      transcripts: { byDuration: [{ upToMs: 400, text: 'short' }] },
    });
    expect(await speak(running)).toBe('Hello there'.length * 60 * 24);
    expect(await hear(running)).toBe('short');
  });

  it('finds utterances in streamed audio and gives their words in order', async () => {
    const running = await start({ transcripts: ['Hello there', 'Bye'] });
    expect(await listen(running)).toEqual([
      { type: 'interim', text: 'Hello' },
      { type: 'interim', text: 'Hello there' },
      { type: 'final', text: 'Hello there', language: 'it' },
      { type: 'interim', text: 'Bye' },
      { type: 'final', text: 'Bye', language: 'it' },
    ]);
    expect(running.requests).toMatchObject([
      { stage: 'realtime', model: 'm', language: 'it', authorization: 'Bearer sk-1', outcome: 'complete' },
      { stage: 'realtime', outcome: 'complete' },
    ]);
    const [first] = running.requests;
    if (first?.stage !== 'realtime') throw new Error('the first request is an utterance');
    expect(first.audio.samples.length / first.audio.sampleRateHz).toBeCloseTo(0.3, 2);
    expect(first.waitedMs).toBeGreaterThanOrEqual(19);
  });

  it('ends an utterance that it is asked for, and minds no question about silence', async () => {
    const running = await start({ transcripts: ['Hello'] });
    const stt = createOpenAiRealtimeStt(endpoint(running, patient));
    const stream = stt.open({ language: 'it', signal });
    const events = stream.events[Symbol.asyncIterator]();
    stream.commit();
    stream.push(speechShapedAudio(300, stt.sampleRateHz).samples);
    stream.commit();
    expect(await events.next()).toMatchObject({ value: { type: 'interim', text: 'Hello' } });
    expect(await events.next()).toMatchObject({ value: { type: 'final', text: 'Hello' } });
    await stream.close();
  });

  it('gives words while the speech goes on, each once, and the final after it', async () => {
    const text = 'Hello out there';
    const running = await start({
      realtimeInterimLagMs: 50,
      transcripts: (audio) => wordsHeard(audio, [{ audio: speech16, text }]),
    });
    const stt = createOpenAiRealtimeStt(endpoint(running, patient));
    const stream = stt.open({ language: undefined, signal });
    const sound = speechShapedAudio(300, stt.sampleRateHz).samples;
    const frame = stt.sampleRateHz / 100;
    const events = stream.events[Symbol.asyncIterator]();
    for (let from = 0; from < sound.length; from += frame) stream.push(sound.slice(from, from + frame));
    // No pause has ended the utterance, and the lag still hides its last word.
    expect(await events.next()).toMatchObject({ value: { type: 'interim', text: 'Hello' } });
    expect(await events.next()).toMatchObject({ value: { type: 'interim', text: 'Hello out' } });
    for (let silentMs = 0; silentMs < 300; silentMs += 10) stream.push(new Int16Array(frame));
    expect(await events.next()).toMatchObject({ value: { type: 'interim', text } });
    expect(await events.next()).toMatchObject({ value: { type: 'final', text } });
    await stream.close();
  });

  it('knows when a client left in the middle of an answer', async () => {
    const running = await start({ tokensPerSecond: 100, reply: 'one two three four five six' });
    const llm = createOpenAiLlm(endpoint(running, patient));
    for await (const _event of llm.stream({ messages, maxTokens: 9 }, { signal })) break;
    await expect.poll(() => running.requests[0]?.outcome).toBe('cut');
  });

  const failures: readonly (readonly [EngineFault, string, string | null])[] = [
    [{ type: 'refused' }, 'connectivity', 'connectivity'],
    [{ type: 'status', status: 401 }, 'authentication', 'authentication'],
    [{ type: 'status', status: 429, retryAfterSeconds: 1 }, 'rate-limit', 'rate-limit'],
    [{ type: 'status', status: 500 }, 'server', 'server'],
    [{ type: 'hang' }, 'timeout', 'timeout'],
    [{ type: 'garbage' }, 'bad-response', 'bad-response'],
    [{ type: 'stall', afterPieces: 1 }, 'timeout', 'timeout'],
    [{ type: 'disconnect', afterPieces: 1 }, 'connectivity', null],
  ];
  it.each(failures)('goes wrong as told: %j', async (fault, category, realtimeCategory) => {
    const running = await start({ transcripts: ['one two', 'three'], reply: 'one two three' });
    // A recognition is one piece, which must not come before the fault.
    const whole = 'afterPieces' in fault ? { ...fault, afterPieces: 0 } : fault;
    // Only a fault that never ends needs a deadline; a slow machine must not run into it otherwise.
    const timeouts = category === 'timeout' ? hurried : patient;
    running.setFault('stt', whole, 1);
    running.setFault('llm', fault, 1);
    running.setFault('tts', fault, 1);
    running.setFault('realtime', fault, 1);
    await expect(hear(running, timeouts)).rejects.toMatchObject({ category, stage: 'stt' });
    await expect(think(running, timeouts)).rejects.toMatchObject({ category, stage: 'llm' });
    await expect(speak(running, timeouts)).rejects.toMatchObject({ category, stage: 'tts' });
    const expected = realtimeCategory ?? expect.stringMatching(/^(connectivity|server)$/);
    await expect(listen(running, timeouts)).rejects.toMatchObject({ category: expected, stage: 'stt' });
    await expect
      .poll(() => running.requests.slice(0, 4).map(({ outcome }) => outcome))
      .toEqual(['cut', 'cut', 'cut', 'cut']);
    running.setTranscripts(['mended']);
    expect(await hear(running)).toBe('mended');
    expect(await think(running)).toBe('one two three');
  });

  it('refuses a realtime session with the status of the handshake', async () => {
    const running = await start();
    const stt = createOpenAiRealtimeStt({
      ...endpoint(running, patient),
      baseUrl: `${running.baseUrl}/nowhere`,
    });
    const stream = stt.open({ language: undefined, signal });
    await expect(stream.events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      category: 'invalid-request',
      status: 404,
    });
    await stream.close();
    const { baseUrl } = running;
    await running.stop();
    const gone = createOpenAiRealtimeStt({ ...endpoint(running, patient), baseUrl }).open({
      language: undefined,
      signal,
    });
    await expect(gone.events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      category: 'connectivity',
    });
    await gone.close();
  });

  it('ends a realtime session without an error when the caller leaves', async () => {
    const running = await start();
    const controller = new AbortController();
    const stt = createOpenAiRealtimeStt(endpoint(running, patient));
    const stream = stt.open({ language: undefined, signal: controller.signal });
    const next = stream.events[Symbol.asyncIterator]().next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    await stream.close();
    const late = stt.open({ language: undefined, signal: controller.signal });
    await late.close();
    expect(await late.events[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});
