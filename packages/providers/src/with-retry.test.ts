import type { LlmEvent, LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError, type ProviderErrorCategory } from '@sophy/conversation/provider-error';
import { describe, expect, it } from 'vitest';
import { createScriptedStt } from './scripted/scripted-stt.ts';
import { createScriptedTts } from './scripted/scripted-tts.ts';
import { type RetryClock, withLlmRetry, withSttRetry, withTtsRetry } from './with-retry.ts';

function virtualClock() {
  const waits: number[] = [];
  let nowMs = 0;
  const clock: RetryClock = {
    nowMs: () => nowMs,
    random: () => 0.5,
    sleep: (waitMs, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      waits.push(waitMs);
      nowMs += waitMs;
      return Promise.resolve();
    },
  };
  return {
    clock,
    waits,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

function failure(
  category: ProviderErrorCategory,
  isRetryable: boolean,
  retryAfterMs?: number,
): ProviderError {
  return new ProviderError({ stage: 'llm', engine: 'x', category, message: 'x', isRetryable, retryAfterMs });
}

const signal = new AbortController().signal;
const audio = { samples: new Int16Array(160), sampleRateHz: 16_000 };

/** A model that fails once before or after its first word. */
function failingLlm(first: ProviderError, wordsBefore: readonly string[] = []): LlmPort & { calls: number } {
  const port = {
    label: 'x',
    calls: 0,
    async *stream(): AsyncGenerator<LlmEvent> {
      port.calls += 1;
      if (port.calls === 1) {
        for (const text of wordsBefore) yield { type: 'text', text };
        throw first;
      }
      yield { type: 'text', text: 'second' };
    },
  };
  return port;
}

async function textOf(port: LlmPort): Promise<string[]> {
  const words: string[] = [];
  for await (const event of port.stream({ messages: [], maxTokens: 1 }, { signal }))
    if (event.type === 'text') words.push(event.text);
  return words;
}

describe('retry', () => {
  it('tries once more after 100 to 300 ms when nothing was emitted', async () => {
    const { clock, waits } = virtualClock();
    const port = failingLlm(failure('server', true));
    expect(await textOf(withLlmRetry(port, clock))).toEqual(['second']);
    expect(waits).toEqual([200]);
  });

  it('never tries again after a word was given, which would be heard twice', async () => {
    const { clock } = virtualClock();
    const port = failingLlm(failure('connectivity', true), ['first']);
    await expect(textOf(withLlmRetry(port, clock))).rejects.toMatchObject({ category: 'connectivity' });
    expect(port.calls).toBe(1);
  });

  it('leaves alone what a second try cannot mend', async () => {
    const { clock } = virtualClock();
    const port = failingLlm(failure('authentication', false));
    await expect(textOf(withLlmRetry(port, clock))).rejects.toMatchObject({ category: 'authentication' });
    expect(port.calls).toBe(1);
  });

  it('honours Retry-After up to a second and gives up above it', async () => {
    const patient = virtualClock();
    expect(await textOf(withLlmRetry(failingLlm(failure('rate-limit', true, 900)), patient.clock))).toEqual([
      'second',
    ]);
    expect(patient.waits).toEqual([900]);
    const port = failingLlm(failure('rate-limit', true, 1_500));
    await expect(textOf(withLlmRetry(port, virtualClock().clock))).rejects.toMatchObject({
      category: 'rate-limit',
    });
    expect(port.calls).toBe(1);
  });

  it('gives up when the first try took longer than a caller waits', async () => {
    const { clock, advance } = virtualClock();
    const slow: LlmPort = {
      label: 'slow',
      // biome-ignore lint/correctness/useYield: it fails before it can give anything.
      async *stream() {
        advance(5_000);
        throw failure('timeout', true);
      },
    };
    await expect(textOf(withLlmRetry(slow, clock))).rejects.toMatchObject({ category: 'timeout' });
  });

  it('wraps recognition and voice alike', async () => {
    const stt = createScriptedStt({
      transcripts: ['heard'],
      delayMs: 0,
      failure: (call) => (call === 0 ? failure('server', true) : undefined),
    });
    const heard = await withSttRetry(stt, virtualClock().clock).transcribe(audio, { language: 'it', signal });
    expect(heard).toEqual({ text: 'heard', language: 'it' });
    expect(stt.calls).toHaveLength(2);
    const tts = createScriptedTts({
      firstByteMs: 0,
      msPerCharacter: 10,
      failure: (call) => (call === 0 ? failure('server', true) : undefined),
    });
    let samples = 0;
    const request = { text: 'Hi', language: 'en', voice: undefined, speed: 1 };
    for await (const piece of withTtsRetry(tts, virtualClock().clock).synthesize(request, { signal }))
      samples += piece.samples.length;
    expect(samples).toBe(480);
    expect(tts.calls.map((call) => call.outcome)).toEqual(['cut', 'complete']);
  });

  it('is cancelled while it waits', async () => {
    const controller = new AbortController();
    const clock: RetryClock = {
      nowMs: () => 0,
      random: () => 0,
      sleep: () => {
        controller.abort();
        return Promise.reject(controller.signal.reason);
      },
    };
    const stt = createScriptedStt({ transcripts: [], delayMs: 0, failure: () => failure('server', true) });
    const trying = withSttRetry(stt, clock).transcribe(audio, {
      language: undefined,
      signal: controller.signal,
    });
    await expect(trying).rejects.toMatchObject({ category: 'cancelled' });
    expect(stt.calls).toHaveLength(1);
  });
});
