import { expect, it } from 'vitest';
import { upsample } from '../audio/upsample.ts';
import { createScriptedStreams, gone, type ScriptedStream } from './scripted-stream.test-support.ts';
import { uploadFromStreaming } from './upload-from-streaming.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

const audio = { samples: new Int16Array(16_000).fill(7), sampleRateHz: 16_000 };

function setUp(onOpen?: (stream: ScriptedStream) => void, sampleRateHz = 16_000) {
  const clock = new VirtualClock();
  const { port, streams } = createScriptedStreams(onOpen, sampleRateHz);
  const upload = uploadFromStreaming(port, { engine: 'a', clock, resample: upsample });
  const caller = new AbortController();
  const request = upload.transcribe(audio, { language: 'en', signal: caller.signal });
  request.catch(() => undefined);
  const finish = () => clock.finish(request, 60_000);
  const expectQuiet = (): void => {
    expect(streams.map(({ closes, options }) => [closes, options.signal.aborted])).toEqual([[1, true]]);
    expect(clock.sleeping).toBe(0);
  };
  const [stream] = streams;
  if (stream === undefined) throw new Error('no stream');
  return { clock, stream, request, caller, finish, expectQuiet };
}

it('an utterance is pushed whole at the rate of the engine, and its end is told', async () => {
  const { stream, finish, expectQuiet } = setUp((it) => it.final('hello', 'it'), 24_000);
  expect(await finish()).toEqual({ text: 'hello', language: 'it' });
  expect(stream.pushed.map((samples) => samples.length)).toEqual([24_000]);
  expect(stream.commits).toBe(1);
  expectQuiet();
});

it('finals that come one after the other are joined, those after a pause are not waited for', async () => {
  const { clock, stream, request, expectQuiet } = setUp((it) => it.final('one'));
  await clock.run(299);
  stream.final('two');
  await clock.run(500);
  stream.interim('thr');
  await clock.run(2_000);
  stream.final('three');
  await clock.run(2_300);
  expect(await request).toEqual({ text: 'one two three', language: 'en' });
  expectQuiet();
});

it('words without a final are taken when none comes', async () => {
  const { clock, finish, expectQuiet } = setUp((it) => it.interim('almost'));
  expect((await finish()).text).toBe('almost');
  expect(clock.nowMs()).toBe(5_000);
  expectQuiet();
});

it('an engine that hears the end and no words has heard no words', async () => {
  const { clock, finish, expectQuiet } = setUp((it) => it.final(''));
  expect((await finish()).text).toBe('');
  expect(clock.nowMs()).toBe(300);
  expectQuiet();
});

it('an engine that ends the stream has said all', async () => {
  const { finish, expectQuiet } = setUp((it) => {
    it.final('all');
    it.end();
  });
  expect((await finish()).text).toBe('all');
  expectQuiet();
});

it('an engine that says nothing has failed, and may be asked again', async () => {
  const { clock, finish, expectQuiet } = setUp();
  await expect(finish()).rejects.toMatchObject({ category: 'timeout', engine: 'a', isRetryable: true });
  expect(clock.nowMs()).toBe(5_000);
  expectQuiet();
});

it('an engine that fails fails with its own error', async () => {
  const { finish, expectQuiet } = setUp((it) => it.end(gone));
  await expect(finish()).rejects.toBe(gone);
  expectQuiet();
});

it('a caller who is gone is told so, and is given no empty transcript', async () => {
  const { clock, request, caller, expectQuiet } = setUp();
  await clock.run(1_000);
  caller.abort();
  await expect(request).rejects.toMatchObject({ category: 'cancelled' });
  expectQuiet();
});
