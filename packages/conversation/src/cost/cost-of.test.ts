import { enginePrices } from '@sophy/contracts/engine-prices';
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import { type Price, priceTableSchema } from '@sophy/contracts/price-table';
import { expect, test } from 'vitest';
import { costOf } from './cost-of.ts';

const { prices } = enginePrices;
const openai = { engine: 'openai', host: 'api.openai.com', isEstimated: false, outcome: 'complete' } as const;

function llm(amounts: Partial<EngineUsage>): EngineUsage {
  return { ...openai, stage: 'llm', model: 'gpt-5-mini', ...amounts };
}

test('the shipped table is a table, and says where each price that is charged comes from', () => {
  expect(priceTableSchema.parse(enginePrices)).toEqual(enginePrices);
  for (const price of prices)
    expect(price.unit === 'free' ? price.note : price.source, JSON.stringify(price)).toMatch(/\S/);
});

test('tokens from a cache cost less, all others the full price', () => {
  const usage = llm({ promptTokens: 1_000, cachedPromptTokens: 800, completionTokens: 50 });
  // 200 × 0.25 + 800 × 0.025 + 50 × 2 dollars per million
  expect(costOf(usage, prices)).toEqual({ microUsd: 170 });
  expect(costOf(llm({ promptTokens: 1_000, completionTokens: 50 }), prices)).toEqual({ microUsd: 350 });
});

test('sound is charged by the minute, words to speak by the character', () => {
  const heard = { ...openai, stage: 'stt', engine: 'deepgram', model: 'nova-3', audioMs: 90_000 } as const;
  expect(costOf(heard, prices)).toEqual({ microUsd: 8_700 });
  const spoken = { ...openai, stage: 'tts', engine: 'elevenlabs', model: 'eleven_flash_v2_5' } as const;
  expect(costOf({ ...spoken, characters: 60 }, prices)).toEqual({ microUsd: 3_000 });
});

test('an engine on the machines of the operator costs nothing, however much of it is used', () => {
  expect(costOf(llm({ engine: 'ollama', model: 'qwen3:4b' }), prices)).toEqual({ microUsd: 0 });
});

test('what has no price is unknown and not free: another model, another server, an amount that nobody told', () => {
  const amounts = { promptTokens: 10, completionTokens: 10 };
  const noPrice = { unknown: true, reason: 'no-price' };
  expect(costOf(llm({ ...amounts, model: 'gpt-99' }), prices)).toEqual(noPrice);
  expect(costOf(llm({ ...amounts, host: 'localhost:4000' }), prices)).toEqual(noPrice);
  expect(costOf(llm({ promptTokens: 10 }), prices)).toEqual({ unknown: true, reason: 'no-amount' });
});

test('a dated name costs what its name costs; a smaller sister has a price of its own', () => {
  const amounts = { promptTokens: 1_000_000, completionTokens: 0 };
  const costOfModel = (model: string) => costOf(llm({ ...amounts, model }), prices);
  expect(costOfModel('gpt-5-mini-2025-08-07')).toEqual({ microUsd: 250_000 });
  expect(costOfModel('gpt-5')).toEqual({ microUsd: 1_250_000 });
  expect(costOfModel('gpt-5-nano')).toEqual({ microUsd: 50_000 });
});

test('the first price that fits is the price: prices of the operator stand first', () => {
  const own: Price = {
    stage: 'llm',
    engine: 'openai',
    model: '*mini*',
    unit: 'million-tokens',
    promptUsd: 1,
    completionUsd: 1,
    source: '',
  };
  const usage = llm({ promptTokens: 3, completionTokens: 4 });
  expect(costOf(usage, [own, ...prices])).toEqual({ microUsd: 7 });
  expect(costOf({ ...usage, model: 'gpt-5' }, [own])).toEqual({ unknown: true, reason: 'no-price' });
});
