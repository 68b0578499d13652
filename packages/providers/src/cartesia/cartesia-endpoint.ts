/** Where Cartesia is asked and how it is told who asks. */
import type { EngineContext } from '../engine-entry.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';

export type CartesiaEndpoint = {
  /** Scheme and host, e.g. `https://api.cartesia.ai`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeouts: EngineTimeouts;
};

/** The version of the API that these adapters speak: the first whose errors have codes. */
const apiVersion = '2026-03-01';

export function cartesiaUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.append(name, String(value));
  const search = parameters.size === 0 ? '' : `?${parameters}`;
  return `${baseUrl.replace(/\/+$/, '')}${path}${search}`;
}

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
    url: cartesiaUrl(endpoints.cartesiaBaseUrl, '/voices', { limit: 1 }),
    headers: cartesiaHeaders(settings.cartesia_api_key),
  }),
} as const;
