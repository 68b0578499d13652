/** When a way of waiting would end a turn in a pause, given what becomes known in it and when. */
import { endOfTurnProbability } from '@sophy/conversation/end-of-turn-probability';
import type { EndOfTurnWords } from '@sophy/conversation/end-of-turn-words';
import type { Pause } from './hearing.ts';

/** From handing audio to the model to its answer in the policy, ms. */
const predictionLagMs = 40;

export type Known = {
  readonly words: EndOfTurnWords;
  readonly probability: number | undefined;
};

/** Silence since the last voice after which the turn is over, ms, by what is known. */
export type Waiting = (known: Known) => number;

export type Words = {
  readonly said: EndOfTurnWords;
  /** From the reported pause to the words, ms. */
  readonly lagMs: number;
};

/**
 * The time at which the turn is committed, ms from the beginning of the clip, if nobody goes on speaking before. As in
 * the policy, no turn is committed before its words are there, and each new fact sets the wait anew.
 */
export function commitTimeMs(pause: Pause, words: Words, waiting: Waiting): number {
  const wordsAtMs = pause.reportedMs + words.lagMs;
  const answers = pooledAnswers(pause);
  const early = answers.findLast(({ atMs }) => atMs <= wordsAtMs);
  const steps = [
    { atMs: wordsAtMs, probability: early?.probability },
    ...answers.filter(({ atMs }) => atMs > wordsAtMs),
  ];
  for (const [index, { atMs, probability }] of steps.entries()) {
    const dueMs = Math.max(atMs, pause.lastVoiceMs + waiting({ words: words.said, probability }));
    if (dueMs < (steps[index + 1]?.atMs ?? Infinity)) return dueMs;
  }
  throw new Error('a pause without a step');
}

type PooledAnswer = { readonly atMs: number; readonly probability: number | undefined };
const pooled = new WeakMap<Pause, readonly PooledAnswer[]>();

/** What the answers up to each moment say together; the same in every simulation. */
function pooledAnswers(pause: Pause): readonly PooledAnswer[] {
  const known = pooled.get(pause);
  if (known !== undefined) return known;
  const answers = pause.predictions.map(({ silenceMs }, index) => ({
    atMs: pause.lastVoiceMs + silenceMs + predictionLagMs,
    probability: endOfTurnProbability(
      pause.predictions.slice(0, index + 1).map(({ probability }) => probability),
    ),
  }));
  pooled.set(pause, answers);
  return answers;
}
