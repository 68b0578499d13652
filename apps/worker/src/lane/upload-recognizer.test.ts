import { utteranceIdSchema } from '@sophy/contracts/ids';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import { expect, test, vi } from 'vitest';
import { createUploadRecognizer } from './upload-recognizer.ts';
import { UtteranceAudio } from './utterance-audio.ts';

const first = utteranceIdSchema.parse('u1');
const second = utteranceIdSchema.parse('u2');

type Pending = {
  readonly samples: number;
  readonly signal: AbortSignal;
  answer(text: string): void;
  fail(error: Error): void;
};

function setUp() {
  const requests: Pending[] = [];
  const heard: string[] = [];
  const engine: UploadSttPort = {
    kind: 'upload',
    label: 'fake',
    maxAudioMs: 30_000,
    transcribe: (audio, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        requests.push({
          samples: audio.samples.length,
          signal,
          answer: (text) => resolve({ text, language: 'en' }),
          fail: reject,
        });
      }),
  };
  const recognizer = createUploadRecognizer({
    engine,
    language: () => undefined,
    now: () => 0,
    events: {
      onInterim: (id, text) => heard.push(`${id} so far: ${text}`),
      onTranscript: (id, transcript) => heard.push(`${id}: ${transcript.text}`),
      onPeekFailure: (error) => heard.push(`early look failed: ${error.code}`),
      onFailure: (id, error) => heard.push(`${id} failed: ${error.code}`),
    },
  });
  const audio = new UtteranceAudio(16_000);
  audio.append(new Int16Array(1_600));
  audio.open();
  return { requests, heard, recognizer, audio };
}

test('when the person goes on, the first request is dropped and the longer audio is sent', async () => {
  const { requests, heard, recognizer, audio } = setUp();
  recognizer.speechPaused(first, audio);
  recognizer.speechStarted(first);
  audio.append(new Int16Array(1_600));
  recognizer.speechPaused(first, audio);
  expect(requests.map(({ samples, signal }) => [samples, signal.aborted])).toEqual([
    [1_600, true],
    [3_200, false],
  ]);
  requests[1]?.answer('hello there');
  await recognizer.close();
  expect(heard).toEqual([]);
});

test('speech in the next utterance does not drop the words of the one before', async () => {
  const { requests, heard, recognizer, audio } = setUp();
  recognizer.speechPaused(first, audio);
  recognizer.speechStarted(second);
  requests[0]?.answer('one');
  await expect.poll(() => heard).toEqual(['u1: one']);
  await recognizer.close();
});

test('a failure is told once, with its code', async () => {
  const { requests, heard, recognizer, audio } = setUp();
  recognizer.speechPaused(first, audio);
  requests[0]?.fail(
    new ProviderError({
      stage: 'stt',
      engine: 'fake',
      category: 'server',
      message: 'down',
      isRetryable: true,
    }),
  );
  await expect.poll(() => heard).toEqual(['u1 failed: stt.server']);
  await recognizer.close();
});

test('an early look gives words while the person speaks, one at a time, and is dropped at the pause', async () => {
  const { requests, heard, recognizer, audio } = setUp();
  recognizer.peek(first, audio);
  recognizer.peek(first, audio);
  expect(requests).toHaveLength(1);
  requests[0]?.answer('no wait');
  await vi.waitFor(() => expect(heard).toEqual(['u1 so far: no wait']));
  recognizer.peek(first, audio);
  recognizer.speechPaused(first, audio);
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([false, true, false]);
  requests[2]?.answer('no, wait.');
  await vi.waitFor(() => expect(heard).toEqual(['u1 so far: no wait', 'u1: no, wait.']));
});

test('an early look that fails leaves the utterance alone', async () => {
  const { requests, heard, recognizer, audio } = setUp();
  recognizer.peek(first, audio);
  requests[0]?.fail(new Error('busy'));
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  expect(heard[0]).toMatch(/^early look failed: stt/);
  await recognizer.close();
});
