/**
 * Random requests against random price tables: what is unknown never becomes known by adding, the order of a sum does
 * not matter, and who uses more never pays less.
 */
import assert from 'node:assert/strict';
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { Price } from '@sophy/contracts/price-table';
import fc from 'fast-check';
import { inject, it } from 'vitest';
import { budgetState } from './budget-state.ts';
import { costOf } from './cost-of.ts';
import { addCosts, noCost, withCost } from './cost-sum.ts';

const runs = inject('propertyRuns');
const stage = fc.constantFrom('stt', 'llm', 'tts');
const engine = fc.constantFrom('openai', 'deepgram');
const model = fc.constantFrom('', 'a', 'ab', 'a-b');
const amount = fc.integer({ min: 0, max: 10_000_000 });
const usd = fc.double({ min: 0, max: 1_000, noNaN: true });
const amounts = ['audioMs', 'promptTokens', 'completionTokens', 'characters'] as const;

const usages: fc.Arbitrary<EngineUsage> = fc.record(
  {
    stage,
    engine,
    model,
    audioMs: amount,
    promptTokens: amount,
    cachedPromptTokens: amount,
    completionTokens: amount,
    characters: amount,
    isEstimated: fc.boolean(),
    outcome: fc.constantFrom('complete', 'cut', 'failed'),
  },
  { requiredKeys: ['stage', 'engine', 'model', 'isEstimated', 'outcome'] },
);

const row = { stage, engine, model: fc.constantFrom('*', 'a', 'a*', '*b', 'a*b'), source: fc.constant('') };
const priceRows: fc.Arbitrary<Price> = fc.oneof(
  fc.record({ ...row, unit: fc.constant('audio-minute' as const), usd }),
  fc.record({ ...row, unit: fc.constant('million-characters' as const), usd }),
  fc.record({ ...row, unit: fc.constant('free' as const) }),
  fc
    .record({
      ...row,
      unit: fc.constant('million-tokens' as const),
      promptUsd: usd,
      cachedPart: fc.double({ min: 0, max: 1, noNaN: true }),
      completionUsd: usd,
    })
    .map(({ cachedPart, ...price }) => ({ ...price, cachedPromptUsd: price.promptUsd * cachedPart })),
);
const tables = fc.array(priceRows, { maxLength: 8 });

it('sums come out the same in any order and any grouping, to the millionth of a dollar', () => {
  fc.assert(
    fc.property(fc.array(usages, { maxLength: 40 }), tables, fc.nat({ max: 40 }), (requests, prices, cut) => {
      const costs = requests.map((usage) => costOf(usage, prices));
      const forwards = costs.reduce(withCost, noCost);
      const backwards = costs.toReversed().reduce(withCost, noCost);
      const inParts = addCosts(
        costs.slice(0, cut).reduce(withCost, noCost),
        costs.slice(cut).reduce(withCost, noCost),
      );
      assert.deepEqual(backwards, forwards);
      assert.deepEqual(inParts, forwards);
      assert.ok(Number.isSafeInteger(forwards.knownMicroUsd));
    }),
    { numRuns: runs },
  );
});

it('every request without a cost is counted as such: nothing unknown becomes known, or 0', () => {
  fc.assert(
    fc.property(fc.array(usages, { maxLength: 40 }), tables, (requests, prices) => {
      const costs = requests.map((usage) => costOf(usage, prices));
      const unknown = costs.filter((cost) => 'unknown' in cost).length;
      const { unknownParts, knownMicroUsd } = costs.reduce(withCost, noCost);
      assert.equal(unknownParts, unknown);
      const known = costs.reduce((sum, cost) => sum + ('unknown' in cost ? 0 : cost.microUsd), 0);
      assert.equal(knownMicroUsd, known);
    }),
    { numRuns: runs },
  );
});

it('who uses more pays no less, and an amount that is not told makes no known cost smaller', () => {
  fc.assert(
    fc.property(usages, tables, fc.constantFrom(...amounts), amount, (usage, prices, key, more) => {
      const cost = costOf(usage, prices);
      const before = usage[key];
      if (before === undefined || 'unknown' in cost) return;
      const after = costOf({ ...usage, [key]: before + more }, prices);
      assert.ok(!('unknown' in after) && after.microUsd >= cost.microUsd);
      const untold = costOf({ ...usage, [key]: undefined }, prices);
      assert.ok('unknown' in untold || untold.microUsd === cost.microUsd);
    }),
    { numRuns: runs },
  );
});

it('a budget that is spent stays spent as more is spent; none is never spent', () => {
  const order = { open: 0, near: 1, spent: 2 } as const;
  fc.assert(
    fc.property(amount, amount, amount, (spent, more, budget) => {
      assert.ok(order[budgetState(spent + more, budget)] >= order[budgetState(spent, budget)]);
      assert.equal(budgetState(spent, 0), 'open');
      assert.equal(budgetState(budget + 1, budget + 1), 'spent');
    }),
    { numRuns: runs },
  );
});
