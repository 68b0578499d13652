/** The prices that calls are reckoned with: those of the operator before those that are shipped. */
import { enginePrices } from '@sophy/contracts/engine-prices';
import type { Price, PriceTable } from '@sophy/contracts/price-table';

export type PriceBook = {
  /** Names every table in it. */
  readonly version: string;
  /** The first that fits is the price. */
  readonly prices: readonly Price[];
};

export function priceBook(own?: PriceTable): PriceBook {
  if (own === undefined) return { version: enginePrices.version, prices: enginePrices.prices };
  return {
    version: `${own.version}+${enginePrices.version}`,
    prices: [...own.prices, ...enginePrices.prices],
  };
}
