import { createLogger } from '@sophy/telemetry/logger';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEndOfTurnModel } from './end-of-turn-model.ts';

const silence = new Int16Array(3_200);

function modelOver(doInference: (method: string, data: unknown) => Promise<unknown>) {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const warn = vi.spyOn(logger, 'warn');
  return { model: createEndOfTurnModel({ executor: { doInference }, logger }), warn };
}

describe('end-of-turn model', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends the latest 1.2 s and returns the probability', async () => {
    const doInference = vi.fn(async () => ({ probability: 0.7, inferenceDurationMs: 12 }));
    const { model, warn } = modelOver(doInference);
    const samples = new Int16Array(20_000).map((_, index) => index);
    expect(await model.predict(samples)).toBe(0.7);
    const pcm = Buffer.from(samples.slice(800).buffer).toString('base64');
    expect(doInference).toHaveBeenCalledWith('lk_eot_audio', { pcm });
    expect(warn).not.toHaveBeenCalled();
  });

  it('knows nothing after 150 ms, and says so once', async () => {
    const { model, warn } = modelOver(() => new Promise(() => undefined));
    for (let time = 0; time < 2; time += 1) {
      const answer = model.predict(silence);
      await vi.advanceTimersByTimeAsync(150);
      expect(await answer).toBeUndefined();
    }
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('asks no more while eight questions are unanswered', async () => {
    const doInference = vi.fn(() => new Promise(() => undefined));
    const { model } = modelOver(doInference);
    const answers = Array.from({ length: 10 }, () => model.predict(silence));
    await vi.advanceTimersByTimeAsync(150);
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 10 }));
    expect(doInference).toHaveBeenCalledTimes(8);
  });

  it.each([
    ['no inference process', async () => Promise.reject(new Error('no inference executor'))],
    ['a model that failed', async () => ({ probability: 0, inferenceDurationMs: 1 })],
    ['an answer of another shape', async () => ({ result: 0.5 })],
  ])('knows nothing with %s', async (_what, doInference) => {
    const { model, warn } = modelOver(doInference);
    expect(await model.predict(silence)).toBeUndefined();
    expect(await model.predict(silence)).toBeUndefined();
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
