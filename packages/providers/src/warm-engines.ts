/** Opens the connections of the chosen engines before the first turn needs them. */
import type { Settings } from '@sophy/contracts/settings';
import { ProviderError, type ProviderStage } from '@sophy/conversation/provider-error';
import type { EngineEndpoints } from './from-settings.ts';
import { hostedTimeouts, localTimeouts } from './http/engine-timeouts.ts';
import { askEngine, readText } from './http/exchange-with-engine.ts';
import { authorization, endpointUrl } from './openai/openai-endpoint.ts';

type Target = {
  readonly stage: ProviderStage;
  readonly engine: string;
  readonly baseUrl: string;
  readonly apiKey: string;
};

/**
 * Asks each chosen server for its list of models, which costs nothing, so that its connection is open
 * and its key is known to work. Servers without such a list are warm all the same.
 * @returns what is wrong already: an engine that is not there, a key that is refused.
 */
export async function warmEngines(
  settings: Settings,
  endpoints: EngineEndpoints,
  signal: AbortSignal,
): Promise<readonly ProviderError[]> {
  const results = await Promise.allSettled(
    targets(settings, endpoints).map((target) => warm(target, signal)),
  );
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (result.reason instanceof ProviderError) return [result.reason];
    throw result.reason;
  });
}

function targets(settings: Settings, endpoints: EngineEndpoints): Target[] {
  const chosen = { stt: settings.stt_engine, llm: settings.llm_provider, tts: settings.tts_engine } as const;
  const address = (
    stage: ProviderStage,
  ): { readonly baseUrl: string | undefined; readonly apiKey: string } => {
    switch (chosen[stage]) {
      case 'local':
        return { baseUrl: endpoints.enginesUrl, apiKey: '' };
      case 'ollama':
        return { baseUrl: endpointUrl(endpoints.ollamaHost, '/v1'), apiKey: '' };
      case 'openrouter':
        return { baseUrl: endpoints.openrouterBaseUrl, apiKey: settings.openrouter_api_key };
      case 'openai':
      case 'openai-realtime':
        return { baseUrl: settings[`${stage}_base_url`], apiKey: settings[`${stage}_api_key`] };
    }
  };
  return (['stt', 'llm', 'tts'] as const).flatMap((stage) => {
    const { baseUrl, apiKey } = address(stage);
    return baseUrl ? [{ stage, engine: chosen[stage], baseUrl, apiKey }] : [];
  });
}

async function warm({ stage, engine, baseUrl, apiKey }: Target, signal: AbortSignal): Promise<void> {
  const isLocal = engine === 'local' || engine === 'ollama';
  await askEngine(
    {
      identity: { stage, engine },
      method: 'GET',
      url: endpointUrl(baseUrl, '/models'),
      headers: authorization(apiKey),
      // The connection pool is found by these, so they must be those of the stage.
      timeouts: (isLocal ? localTimeouts : hostedTimeouts)[stage],
      awaited: 'list of models',
      acceptedStatuses: [404, 405],
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
}
