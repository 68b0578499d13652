/** What one request to an engine costs, in whole millionths of a dollar. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { Price } from '@sophy/contracts/price-table';
import { findPrice } from './find-price.ts';

export type Cost = { readonly microUsd: number } | { readonly unknown: true; readonly reason: UnknownReason };
/** The table has no price for it, or the engine did not say how much was used and it could not be counted. */
export type UnknownReason = 'no-price' | 'no-amount';

const msPerMinute = 60_000;
const microUsdPerUsd = 1_000_000;

/** An amount that is missing makes the cost unknown, unless the engine is free. Rounded to the nearest millionth. */
export function costOf(usage: EngineUsage, prices: readonly Price[]): Cost {
  const price = findPrice(prices, usage);
  if (price === undefined) return { unknown: true, reason: 'no-price' };
  const microUsd = microUsdOf(usage, price);
  return microUsd === undefined ? { unknown: true, reason: 'no-amount' } : { microUsd: Math.round(microUsd) };
}

/** A dollar per million units is a millionth of a dollar per unit. */
function microUsdOf(usage: EngineUsage, price: Price): number | undefined {
  const { audioMs, characters, promptTokens, cachedPromptTokens = 0, completionTokens } = usage;
  switch (price.unit) {
    case 'free':
      return 0;
    case 'audio-minute':
      return audioMs === undefined ? undefined : (audioMs * price.usd * microUsdPerUsd) / msPerMinute;
    case 'million-characters':
      return characters === undefined ? undefined : characters * price.usd;
    case 'million-tokens': {
      if (promptTokens === undefined || completionTokens === undefined) return undefined;
      const cached = Math.min(cachedPromptTokens, promptTokens);
      const { promptUsd, cachedPromptUsd = promptUsd, completionUsd } = price;
      return (
        (promptTokens - cached) * promptUsd + cached * cachedPromptUsd + completionTokens * completionUsd
      );
    }
    default:
      return price satisfies never;
  }
}
