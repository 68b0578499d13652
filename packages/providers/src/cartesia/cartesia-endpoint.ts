/** Where Cartesia is asked and how it is told who asks. */
import type { EngineContext } from '../engine-entry.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';

export type CartesiaEndpoint = {
  /** Scheme and host, e.g. `https://api.cartesia.ai`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeouts: EngineTimeouts;
};

/** The version of the API that these adapters speak: the first whose errors have codes. */
const apiVersion = '2026-03-01';

export function cartesiaHeaders(apiKey: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${apiKey}`, 'cartesia-version': apiVersion };
}

/** What both Cartesia engines say of themselves in the same way. */
export const cartesiaService = {
  id: 'cartesia',
  name: 'Cartesia',
  isSelfHosted: false,
  missing: ({ settings }: EngineContext) =>
    settings.cartesia_api_key === '' ? 'Set cartesia_api_key, the key of your Cartesia account.' : undefined,
  baseUrl: ({ endpoints }: EngineContext) => endpoints.cartesiaBaseUrl,
  warmUp: ({ settings, endpoints }: EngineContext) => ({
    url: serviceUrl(endpoints.cartesiaBaseUrl, '/voices', { limit: 1 }),
    headers: cartesiaHeaders(settings.cartesia_api_key),
  }),
} as const;
