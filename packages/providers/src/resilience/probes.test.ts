import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import type { TtsAudio, TtsPort } from '@sophy/conversation/tts-port';
import { describe, expect, it } from 'vitest';
import { probeLlm, probeStt, probeTts } from './probes.ts';
import { failure } from './scripted-links.test-support.ts';
import { createScriptedStreams, gone } from './scripted-stream.test-support.ts';

const signal = new AbortController().signal;
const voice = { language: 'en', voice: undefined };

async function* give<Piece>(...pieces: readonly Piece[]): AsyncGenerator<Piece> {
  yield* pieces;
}

describe('a probe', () => {
  it('of an ear that takes uploads is half a second of silence', async () => {
    const heard: number[] = [];
    const port: UploadSttPort = {
      kind: 'upload',
      label: 'a',
      maxAudioMs: 1_000,
      transcribe: async ({ samples, sampleRateHz }) => {
        heard.push(samples.length / sampleRateHz, Math.max(...samples));
        return { text: '', language: undefined };
      },
    };
    await probeStt(port, signal);
    expect(heard).toEqual([0.5, 0]);
  });

  it('of a streaming ear is well at its first event, at any rate', async () => {
    const { port, streams } = createScriptedStreams((stream) => stream.final(''), 24_000);
    await probeStt(port, signal);
    expect(streams).toMatchObject([{ commits: 1, closes: 1 }]);
    expect(streams[0]?.pushed.map(({ length }) => length)).toEqual([12_000]);
  });

  it('of a streaming ear that fails, or ends the stream at once, is ill', async () => {
    await expect(probeStt(createScriptedStreams((stream) => stream.end(gone)).port, signal)).rejects.toBe(
      gone,
    );
    const ending = createScriptedStreams((stream) => stream.end());
    await expect(probeStt(ending.port, signal)).rejects.toMatchObject({ category: 'bad-response' });
    expect(ending.streams[0]?.closes).toBe(1);
  });

  it('of a streaming ear that was cut short is not well', async () => {
    const { port, streams } = createScriptedStreams();
    const caller = new AbortController();
    const probe = probeStt(port, caller.signal);
    caller.abort();
    await expect(probe).rejects.toBeDefined();
    expect(streams[0]?.closes).toBe(1);
  });

  it('of a model is one word', async () => {
    const requests: LlmRequest[] = [];
    const port: LlmPort = {
      label: 'a',
      stream(request) {
        requests.push(request);
        return give<LlmEvent>({ type: 'text', text: 'ok' }, { type: 'text', text: ' and much more' });
      },
    };
    await probeLlm(port, signal);
    expect(requests).toEqual([{ messages: [{ role: 'user', content: 'ok' }], maxTokens: 16 }]);
  });

  it('of a voice is one word of which there is sound', async () => {
    const speaking = (...pieces: readonly TtsAudio[]): TtsPort => ({
      label: 'a',
      synthesize: ({ text }) => {
        expect(text).toBe('ok');
        return give(...pieces);
      },
    });
    const piece = (samples: number): TtsAudio => ({ samples: new Int16Array(samples), sampleRateHz: 16_000 });
    await probeTts(speaking(piece(0), piece(1)), voice, signal);
    for (const silent of [speaking(), speaking(piece(0))])
      await expect(probeTts(silent, voice, signal)).rejects.toMatchObject({ category: 'bad-response' });
  });

  it('of a model or a voice fails as the engine does', async () => {
    const error = failure('server');
    const failing = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
    const port = { label: 'a', stream: () => failing, synthesize: () => failing };
    await expect(probeLlm(port, signal)).rejects.toBe(error);
    await expect(probeTts(port, voice, signal)).rejects.toBe(error);
  });
});
