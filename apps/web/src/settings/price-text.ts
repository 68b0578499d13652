/** What an engine costs, in words. */
import type { EnginesResponse } from '@sophy/contracts/http-engines';
import { useTranslation } from 'react-i18next';

type EnginePrice = EnginesResponse['llm'][number]['price'];

/** Gives the price as people read it. Unknown is said; it is not free. */
export function usePriceText(): (price: EnginePrice) => string {
  const { t, i18n } = useTranslation();
  const dollars = new Intl.NumberFormat(i18n.language, {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: 4,
  });
  const usd = (amount: number | null) => (amount === null ? '?' : dollars.format(amount));
  return (price) => {
    switch (price?.unit) {
      case undefined:
        return t('engine.priceUnknown');
      case 'free':
        return t('engine.free');
      case 'audio-minute':
        return t('engine.pricePerMinute', { usd: usd(price.usd) });
      case 'million-characters':
        return t('engine.pricePerCharacters', { usd: usd(price.usd) });
      case 'million-tokens':
        return t('engine.pricePerTokens', {
          prompt: usd(price.prompt_usd),
          completion: usd(price.completion_usd),
        });
    }
  };
}
