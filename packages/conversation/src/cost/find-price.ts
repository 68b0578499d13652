/** Which price of a table a request is charged with. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { Price } from '@sophy/contracts/price-table';

/** The first price that fits stage, engine, model and host; undefined: the price is not known. */
export function findPrice(
  prices: readonly Price[],
  { stage, engine, model, host }: Pick<EngineUsage, 'stage' | 'engine' | 'model' | 'host'>,
): Price | undefined {
  return prices.find(
    (price) =>
      price.stage === stage &&
      price.engine === engine &&
      (price.host === undefined || price.host === host) &&
      fits(price.model, model),
  );
}

/** Whether a name fits a pattern in which `*` stands for any run of characters. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
