import { utteranceIdSchema } from '@sophy/contracts/ids';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import {
  createScriptedStreams,
  gone,
  type ScriptedStream,
} from '@sophy/providers/resilience/scripted-stream.test-support';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStreamingRecognizer } from './streaming-recognizer.ts';
import { UtteranceAudio } from './utterance-audio.ts';

// Waiting between two streams, on the same time as everything else here.
vi.mock('node:timers/promises', () => ({
  setTimeout: (waitMs: number, value: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(value), waitMs);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
}));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const first = utteranceIdSchema.parse('u1');
const second = utteranceIdSchema.parse('u2');
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

type Asked = {
  readonly samples: number;
  readonly signal: AbortSignal;
  answer(text: string): void;
  fail(error: Error): void;
};

function setUp(
  options: {
    readonly onOpen?: (stream: ScriptedStream, index: number) => void;
    readonly hasBackup?: boolean;
    readonly sampleRateHz?: number;
  } = {},
) {
  const asked: Asked[] = [];
  const backup: UploadSttPort = {
    kind: 'upload',
    label: 'backup',
    maxAudioMs: 30_000,
    transcribe: ({ samples }, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        asked.push({
          samples: samples.length,
          signal,
          answer: (text) => resolve({ text, language: 'en' }),
          fail: reject,
        });
      }),
  };
  const { port, streams } = createScriptedStreams(
    options.onOpen,
    options.sampleRateHz,
    options.hasBackup === true ? backup : undefined,
  );
  const heard: string[] = [];
  const recognizer = createStreamingRecognizer({
    engine: port,
    inputSampleRateHz: 16_000,
    language: () => 'en',
    now: () => Date.now(),
    events: {
      onInterim: (id, text) => heard.push(`${id} so far: ${text}`),
      onTranscript: (id, { text, sttMs }) => heard.push(`${id}: ${text} (${sttMs})`),
      onPeekFailure: ({ code }) => heard.push(`early look failed: ${code}`),
      onFailure: (id, { code }) => heard.push(`${id} failed: ${code}`),
    },
  });
  const audio = new UtteranceAudio(16_000);
  audio.open();
  /** A tenth of a second that carries a number. */
  const hear = (mark: number): void => {
    const samples = new Int16Array(1_600).fill(mark);
    audio.append(samples);
    recognizer.hear(samples);
  };
  const stream = (index: number): ScriptedStream => {
    const one = streams[index];
    if (one === undefined) throw new Error(`there is no stream ${index}`);
    return one;
  };
  const marks = (index: number): (number | undefined)[] => stream(index).pushed.map(([mark]) => mark);
  return { recognizer, streams, stream, marks, heard, asked, audio, hear };
}

describe('recognition as people speak', () => {
  it('gives words as they come, and asks for the final at the pause', async () => {
    const { recognizer, stream, marks, heard, audio, hear } = setUp();
    recognizer.speechStarted(first);
    hear(1);
    stream(0).interim('it opens');
    await pass(100);
    expect(stream(0).commits).toBe(0);
    recognizer.speechPaused(first, audio);
    await pass(349);
    expect(stream(0).commits).toBe(0);
    await pass(1);
    expect(stream(0).commits).toBe(1);
    stream(0).final('It opens at nine.', 'en');
    await pass(0);
    expect(heard).toEqual(['u1 so far: it opens', 'u1: It opens at nine. (350)']);
    expect(marks(0)).toEqual([1]);
    await recognizer.close();
  });

  it('joins several finals of one utterance, and begins anew with the next', async () => {
    const { recognizer, stream, heard, audio } = setUp();
    recognizer.speechStarted(first);
    stream(0).final('One.');
    await pass(0);
    stream(0).interim('two');
    stream(0).final('Two.');
    await pass(0);
    recognizer.speechPaused(first, audio);
    recognizer.speechStarted(second);
    stream(0).interim('three');
    await pass(0);
    expect(heard).toEqual([
      'u1: One. (0)',
      'u1 so far: One. two',
      'u1: One. Two. (0)',
      'u1: One. Two. (0)',
      'u2 so far: three',
    ]);
    await recognizer.close();
  });

  it('takes the words so far where no final comes', async () => {
    const { recognizer, stream, heard, audio } = setUp({ hasBackup: true });
    recognizer.speechStarted(first);
    stream(0).interim('almost all');
    await pass(0);
    recognizer.speechPaused(first, audio);
    await pass(1_499);
    expect(heard).toHaveLength(1);
    await pass(1);
    expect(heard.at(-1)).toBe('u1: almost all (1500)');
    await recognizer.close();
  });

  it('asks the other engine where this one has not said a word', async () => {
    const { recognizer, heard, asked, audio, hear } = setUp({ hasBackup: true });
    recognizer.speechStarted(first);
    hear(1);
    recognizer.speechPaused(first, audio);
    await pass(1_500);
    expect(asked.map(({ samples }) => samples)).toEqual([1_600]);
    asked[0]?.answer('hello');
    await pass(0);
    expect(heard).toEqual(['u1: hello (1500)']);
    await recognizer.close();
  });

  it('has heard nothing where nobody heard anything', async () => {
    const { recognizer, heard, audio } = setUp();
    recognizer.speechStarted(first);
    recognizer.speechPaused(first, audio);
    await pass(1_500);
    expect(heard).toEqual(['u1:  (1500)']);
    await recognizer.close();
  });

  it('hears at the rate of its engine', async () => {
    const { recognizer, stream, hear } = setUp({ sampleRateHz: 24_000 });
    for (let mark = 0; mark < 10; mark += 1) hear(mark);
    const samples = stream(0).pushed.reduce((sum, { length }) => sum + length, 0);
    expect(samples).toBeGreaterThan(22_000);
    expect(samples).toBeLessThanOrEqual(24_000);
    await recognizer.close();
  });
});

it('an utterance with a breath in it is not cut there', async () => {
  const { recognizer, stream, audio, hear } = setUp();
  recognizer.speechStarted(first);
  hear(1);
  recognizer.speechPaused(first, audio);
  await pass(200);
  recognizer.speechStarted(first);
  hear(2);
  await pass(1_000);
  expect(stream(0).commits).toBe(0);
  await recognizer.close();
});

describe('a stream that breaks', () => {
  it('is opened again and hears what had no final yet: every word is there once', async () => {
    const { recognizer, stream, marks, heard, audio, hear } = setUp();
    recognizer.speechStarted(first);
    hear(1);
    stream(0).final('One.');
    await pass(0);
    recognizer.speechStarted(first);
    hear(2);
    stream(0).interim('two');
    await pass(0);
    stream(0).end(gone);
    await pass(0);
    hear(3);
    await pass(250);
    hear(4);
    expect(marks(1)).toEqual([2, 3, 4]);
    stream(1).interim('two three');
    recognizer.speechPaused(first, audio);
    await pass(350);
    expect(stream(1).commits).toBe(1);
    stream(1).final('Two three four.');
    await pass(0);
    expect(heard.at(-1)).toBe('u1: One. Two three four. (350)');
    expect(heard.filter((line) => line.includes('failed'))).toEqual([]);
    await recognizer.close();
  });

  it('hears a little over twelve seconds once more while somebody speaks, and 600 ms of silence', async () => {
    const { recognizer, stream, marks, hear } = setUp();
    for (let mark = 0; mark < 20; mark += 1) hear(mark);
    stream(0).end(gone);
    await pass(250);
    expect(marks(1)).toEqual([13, 14, 15, 16, 17, 18, 19]);
    recognizer.speechStarted(first);
    for (let mark = 20; mark < 200; mark += 1) hear(mark);
    stream(1).end(gone);
    await pass(500);
    expect(marks(2)).toEqual(Array.from({ length: 121 }, (_, index) => 79 + index));
    await recognizer.close();
  });

  it('is opened again at the pause and told of it', async () => {
    const { recognizer, stream, heard, audio, hear } = setUp();
    recognizer.speechStarted(first);
    hear(1);
    stream(0).end();
    await pass(100);
    recognizer.speechPaused(first, audio);
    await pass(150);
    expect(stream(1).commits).toBe(1);
    stream(1).final('One.');
    await pass(0);
    expect(heard).toEqual(['u1: One. (150)']);
    await recognizer.close();
  });

  it('is opened again after 250, 500, 1000 and then every 2000 ms, anew after the first word', async () => {
    const openedAtMs: number[] = [];
    const { recognizer, stream } = setUp({
      onOpen: (it, index) => {
        openedAtMs.push(Date.now());
        if (index < 6) it.end(gone);
      },
    });
    await pass(20_000);
    const waits = openedAtMs.slice(1).map((atMs, index) => atMs - (openedAtMs[index] ?? 0));
    expect(waits).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
    stream(6).interim('well');
    await pass(0);
    const brokenAtMs = Date.now();
    stream(6).end(gone);
    await pass(2_000);
    expect((openedAtMs[7] ?? 0) - brokenAtMs).toBe(250);
    await recognizer.close();
  });

  it('at the pause has the other engine transcribe the whole utterance, once, however often it breaks meanwhile', async () => {
    const { recognizer, heard, asked, audio, hear, streams } = setUp({
      hasBackup: true,
      onOpen: (it) => it.end(gone),
    });
    recognizer.speechStarted(first);
    hear(1);
    hear(2);
    await pass(50);
    recognizer.speechPaused(first, audio);
    expect(asked.map(({ samples }) => samples)).toEqual([3_200]);
    await pass(3_000);
    expect(streams.length).toBeGreaterThan(3);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.signal.aborted).toBe(false);
    asked[0]?.answer('one two');
    await pass(0);
    expect(heard).toEqual(['u1: one two (3000)']);
    await recognizer.close();
  });

  it('says nothing a second time of what the other engine gave', async () => {
    const { recognizer, stream, heard, asked, audio, hear, marks } = setUp({ hasBackup: true });
    recognizer.speechStarted(first);
    hear(1);
    stream(0).end(gone);
    await pass(0);
    recognizer.speechPaused(first, audio);
    asked[0]?.answer('one');
    await pass(250);
    expect(marks(1)).toEqual([]);
    // What it was pushed before it answered.
    stream(1).interim('one');
    stream(1).final('One.');
    await pass(2_000);
    expect(heard).toEqual(['u1: one (0)']);
    recognizer.speechStarted(second);
    stream(1).interim('two');
    await pass(0);
    expect(heard.at(-1)).toBe('u2 so far: two');
    await recognizer.close();
  });

  it('that is back before the other engine has answered is taken', async () => {
    const { recognizer, stream, heard, asked, audio, hear } = setUp({ hasBackup: true });
    recognizer.speechStarted(first);
    hear(1);
    stream(0).end(gone);
    await pass(0);
    recognizer.speechPaused(first, audio);
    await pass(250);
    stream(1).final('One.');
    await pass(0);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(heard).toEqual(['u1: One. (250)']);
    await recognizer.close();
  });

  it('without another engine is told once', async () => {
    const { recognizer, heard, audio, hear } = setUp({ onOpen: (it) => it.end(gone) });
    recognizer.speechStarted(first);
    hear(1);
    await pass(50);
    recognizer.speechPaused(first, audio);
    await pass(5_000);
    expect(heard).toEqual(['u1 failed: stt.connectivity']);
    recognizer.speechStarted(second);
    recognizer.speechPaused(second, audio);
    await pass(5_000);
    expect(heard).toEqual(['u1 failed: stt.connectivity', 'u2 failed: stt.connectivity']);
    await recognizer.close();
  });

  it('is told once when the other engine fails too', async () => {
    const { recognizer, heard, asked, audio } = setUp({ hasBackup: true, onOpen: (it) => it.end(gone) });
    recognizer.speechStarted(first);
    await pass(50);
    recognizer.speechPaused(first, audio);
    asked[0]?.fail(gone);
    await pass(5_000);
    expect(heard).toEqual(['u1 failed: stt.connectivity']);
    await recognizer.close();
  });

  it('lets go of the other engine when the person goes on, and asks it anew with all of it', async () => {
    const { recognizer, heard, asked, audio, hear } = setUp({
      hasBackup: true,
      onOpen: (it) => it.end(gone),
    });
    recognizer.speechStarted(first);
    hear(1);
    await pass(50);
    recognizer.speechPaused(first, audio);
    recognizer.speechStarted(first);
    hear(2);
    await pass(50);
    recognizer.speechPaused(first, audio);
    expect(asked.map(({ samples, signal }) => [samples, signal.aborted])).toEqual([
      [1_600, true],
      [3_200, false],
    ]);
    asked[1]?.answer('one two');
    await pass(0);
    expect(heard).toEqual(['u1: one two (0)']);
    await recognizer.close();
  });
});

describe('closing', () => {
  it('leaves no stream, no timer and no request', async () => {
    const { recognizer, stream, heard, asked, audio, hear } = setUp({ hasBackup: true });
    recognizer.speechStarted(first);
    hear(1);
    await pass(0);
    stream(0).end(gone);
    await pass(250);
    recognizer.speechPaused(first, audio);
    await pass(1_500);
    await recognizer.close();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect([stream(0).closes, stream(1).closes, stream(1).options.signal.aborted]).toEqual([1, 1, true]);
    expect(heard).toEqual([]);
  });

  it('ends the wait for the next stream', async () => {
    const { recognizer, streams } = setUp({ onOpen: (it) => it.end(gone) });
    await pass(300);
    await recognizer.close();
    await pass(10_000);
    expect(streams).toHaveLength(2);
  });
});
