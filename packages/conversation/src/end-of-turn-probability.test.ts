import { describe, expect, it } from 'vitest';
import { endOfTurnProbability } from './end-of-turn-probability.ts';

describe('end-of-turn probability', () => {
  it.each([
    [[], undefined],
    [[0.7], 0.7],
    [[0.2, 0.8], 0.5],
    [[0.5, 0.9], 0.75],
  ])('of %j is %s', (answers, probability) => {
    const pooled = endOfTurnProbability(answers);
    if (probability === undefined || pooled === undefined) expect(pooled).toBe(probability);
    else expect(pooled).toBeCloseTo(probability);
  });

  it('is not decided by one answer that is certain', () => {
    expect(endOfTurnProbability([1, 0.2, 0.2, 0.2, 0.2, 0.2])).toBeLessThan(0.6);
    expect(endOfTurnProbability([0, 0.8, 0.8, 0.8, 0.8, 0.8])).toBeGreaterThan(0.4);
  });
});
