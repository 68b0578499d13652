/** What the API says of each engine: what it can do, what it needs and costs, and its part in the settings. */
import type { EnginesResponse } from '@sophy/contracts/http-engines';
import type { Price } from '@sophy/contracts/price-table';
import type { Settings } from '@sophy/contracts/settings';
import { findPrice } from '@sophy/conversation/cost/find-price';
import { llmCatalog, sttCatalog, ttsCatalog } from '@sophy/providers/engine-catalog';
import type { EngineContext, EngineEntry } from '@sophy/providers/engine-entry';
import { chosenEngines, settingsOfEngine } from '@sophy/providers/engine-settings';
import type { AppDependencies } from '../app-dependencies.ts';

type Parts = Pick<AppDependencies, 'configuration' | 'engines' | 'redis'>;

export function describeEngines(settings: Settings, parts: Parts): EnginesResponse {
  const common = (entry: EngineEntry) => commonFields(entry, settings, parts);
  return {
    stt: Object.values(sttCatalog).map((entry) => ({
      ...common(entry),
      capabilities: {
        streaming: entry.capabilities.isStreaming,
        interim_results: entry.capabilities.givesInterimResults,
        word_times: entry.capabilities.givesWordTimes,
        detects_language: entry.capabilities.detectsLanguage,
        languages: languagesOf(entry.capabilities),
        sample_rate_hz: entry.capabilities.sampleRateHz,
      },
    })),
    llm: Object.values(llmCatalog).map((entry) => ({
      ...common(entry),
      capabilities: { streaming: entry.capabilities.isStreaming, tools: entry.capabilities.takesTools },
    })),
    tts: Object.values(ttsCatalog).map((entry) => ({
      ...common(entry),
      capabilities: {
        streaming: entry.capabilities.isStreaming,
        word_times: entry.capabilities.givesWordTimes,
        languages: languagesOf(entry.capabilities),
        sample_rate_hz: entry.capabilities.sampleRateHz,
        markup: entry.capabilities.markup,
        speed: entry.capabilities.speed ?? null,
      },
    })),
  };
}

function languagesOf({ languages }: { readonly languages: readonly string[] | undefined }): string[] | null {
  return languages === undefined ? null : [...languages];
}

function commonFields(entry: EngineEntry, settings: Settings, { configuration, engines, redis }: Parts) {
  const { stage, id, name, isSelfHosted } = entry;
  const context: EngineContext = { settings, endpoints: configuration.endpoints };
  const missing = entry.missing(context);
  const model = entry.model(context);
  const host = hostOf(entry.baseUrl(context));
  const price = findPrice(configuration.prices, { stage, engine: id, model, host });
  return {
    id,
    name,
    self_hosted: isSelfHosted,
    available: missing === undefined,
    missing: missing ?? '',
    settings: [...settingsOfEngine(stage, id)],
    position: positionOf(settings, entry),
    model,
    lists_models: entry.listModels !== undefined,
    price: price === undefined ? null : toAnswer(price),
    // Without Redis only the workers know, each for itself.
    breaker:
      redis === undefined
        ? null
        : engines.isLeftOut(stage, id, settings)
          ? ('open' as const)
          : ('closed' as const),
  };
}

function positionOf(settings: Settings, { stage, id }: EngineEntry): number | null {
  const { chosen, fallbacks } = chosenEngines(settings, stage);
  const position = [chosen, ...fallbacks.filter((fallback) => fallback !== chosen)].indexOf(id);
  return position < 0 ? null : position;
}

/** Undefined where the address is not set. */
function hostOf(baseUrl: string): string | undefined {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : undefined;
}

function toAnswer(price: Price) {
  const { unit, source, asOf = '', note = '' } = price;
  const perToken = price.unit === 'million-tokens' ? price : undefined;
  const perUnit = price.unit === 'audio-minute' || price.unit === 'million-characters' ? price : undefined;
  return {
    unit,
    usd: price.unit === 'free' ? 0 : (perUnit?.usd ?? null),
    prompt_usd: perToken?.promptUsd ?? null,
    completion_usd: perToken?.completionUsd ?? null,
    source,
    as_of: asOf,
    note,
  };
}
