import { expect, it, vi } from 'vitest';
import { earSampleRateHz, redecodingEar } from './redecoding-ear.ts';

const second = new Float32Array(earSampleRateHz).fill(0.1);

function ear(options: { isBusy?: boolean; texts?: string[] } = {}) {
  const log: string[] = [];
  const deltas: string[] = [];
  const texts = options.texts ?? ['one two', 'one two three', 'one two three four'];
  let nowMs = 0;
  let looks = 0;
  const use = (kind: string) => ({
    transcribe: async (wav: Uint8Array) => {
      log.push(`${kind} ${(wav.length - 44) / 2 / earSampleRateHz} s`);
      nowMs += 100;
      looks += 1;
      return { text: texts[looks - 1] ?? '', language: 'en' };
    },
    release: () => log.push(`${kind} over`),
  });
  const open = redecodingEar({
    enter: async () => use('final'),
    enterIdle: async () => (options.isBusy === true ? undefined : use('interim')),
    signal: new AbortController().signal,
    onInterimFailure: (error) => log.push(String(error)),
    nowMs: () => nowMs,
  });
  return {
    utterance: open((delta) => deltas.push(delta)),
    log,
    deltas,
    /** Time passes until it may look again. */
    rest: () => {
      nowMs += 1_000;
    },
    until: (count: number) => vi.waitFor(() => expect(log).toHaveLength(count), { interval: 1 }),
  };
}

it('looks again and again, and tells what it agrees on with itself', async () => {
  const { utterance, log, deltas, rest, until } = ear();
  utterance.hear(second);
  await until(2);
  rest();
  utterance.hear(second);
  await until(4);
  expect(log).toEqual(['interim 1 s', 'interim over', 'interim 2 s', 'interim over']);
  expect(deltas).toEqual(['one two']);
  expect(await utterance.finish()).toEqual({ text: 'one two three four', language: 'en' });
  expect(log.slice(4)).toEqual(['final 2 s', 'final over']);
});

it('rests after each look, so that one speaker never takes the whole recognizer', async () => {
  const { utterance, log, until } = ear();
  utterance.hear(second);
  await until(2);
  utterance.hear(second);
  utterance.hear(second);
  await Promise.resolve();
  expect(log).toEqual(['interim 1 s', 'interim over']);
});

it('does not look while others wait, and still hears the whole at the end', async () => {
  const { utterance, log, deltas } = ear({ isBusy: true, texts: ['all of it'] });
  utterance.hear(second);
  utterance.hear(second);
  expect((await utterance.finish()).text).toBe('all of it');
  expect(log).toEqual(['final 2 s', 'final over']);
  expect(deltas).toEqual([]);
});
