import { expect, it, vi } from 'vitest';
import { EndOfTurnWatch } from './end-of-turn-watch.ts';

function watched() {
  const questions: ((answer: number | undefined) => void)[] = [];
  const estimates: number[] = [];
  const watch = new EndOfTurnWatch({
    model: () => ({ predict: () => new Promise((resolve) => questions.push(resolve)) }),
    audio: () => new Int16Array(19_200),
    onEstimate: (probability) => estimates.push(Math.round(probability * 100) / 100),
  });
  return { watch, questions, estimates };
}

it('asks once at each moment and pools the answers', async () => {
  const { watch, questions, estimates } = watched();
  for (const silenceMs of [64, 160, 192, 224, 256, 288]) watch.silent(silenceMs);
  expect(questions).toHaveLength(2);
  questions[0]?.(0.9);
  await vi.waitFor(() => expect(estimates).toEqual([0.9]));
  questions[1]?.(0.1);
  await vi.waitFor(() => expect(estimates).toEqual([0.9, 0.5]));
});

it('forgets a pause in which the person went on', async () => {
  const { watch, questions, estimates } = watched();
  watch.silent(200);
  watch.reset();
  watch.silent(200);
  questions[0]?.(0.9);
  questions[1]?.(0.2);
  await watch.close();
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  expect(estimates).not.toContain(0.9);
});

it('says nothing where the model has no answer, or no say', async () => {
  const { watch, questions, estimates } = watched();
  watch.silent(200);
  questions[0]?.(undefined);
  await watch.close();
  const mute = new EndOfTurnWatch({
    model: () => undefined,
    audio: () => new Int16Array(0),
    onEstimate: (probability) => estimates.push(probability),
  });
  mute.silent(500);
  expect(estimates).toEqual([]);
});
