/** Where Deepgram is asked and how it is told who asks. */
import type { EngineContext } from '../engine-entry.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';

export type DeepgramEndpoint = {
  /** Scheme and host, e.g. `https://api.deepgram.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeouts: EngineTimeouts;
};

export function deepgramHeaders(apiKey: string): Readonly<Record<string, string>> {
  return { authorization: `Token ${apiKey}` };
}

/** What both Deepgram engines say of themselves in the same way. */
export const deepgramService = {
  id: 'deepgram',
  name: 'Deepgram',
  isSelfHosted: false,
  missing: ({ settings }: EngineContext) =>
    settings.deepgram_api_key === '' ? 'Set deepgram_api_key, the key of your Deepgram project.' : undefined,
  baseUrl: ({ endpoints }: EngineContext) => endpoints.deepgramBaseUrl,
  warmUp: ({ settings, endpoints }: EngineContext) => ({
    url: serviceUrl(endpoints.deepgramBaseUrl, '/v1/auth/token'),
    headers: deepgramHeaders(settings.deepgram_api_key),
  }),
} as const;
