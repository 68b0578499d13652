/** What every OpenAI-compatible adapter needs to know of its server. */
import type { EngineTimeouts } from '../http/engine-timeouts.ts';

export type OpenAiEndpoint = {
  /** Address up to and with `/v1`. */
  readonly baseUrl: string;
  /** Key; empty or undefined: none is sent. */
  readonly apiKey: string | undefined;
  /** Model asked for; empty or undefined: the server's own default. */
  readonly model: string | undefined;
  /** Engine id for labels and errors, e.g. `openai`, `ollama`, `local`. */
  readonly engine: string;
  readonly timeouts: EngineTimeouts;
  /** Further headers, e.g. the application's name for OpenRouter. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** Headers of a request with a body of `contentType`. */
export function endpointHeaders(endpoint: OpenAiEndpoint, contentType: string): Record<string, string> {
  return {
    ...authorization(endpoint.apiKey),
    ...endpoint.headers,
    'content-type': contentType,
  };
}

export function authorization(apiKey: string | undefined): Record<string, string> {
  return apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
}

/** Engine and model for people, e.g. `ollama:qwen3:4b`. */
export function endpointLabel(endpoint: OpenAiEndpoint): string {
  return endpoint.model === undefined || endpoint.model === ''
    ? endpoint.engine
    : `${endpoint.engine}:${endpoint.model}`;
}

/** Fields without those that are undefined or empty, so that a server applies its own defaults. */
export function givenFields<T>(fields: Readonly<Record<string, T | '' | undefined>>): Record<string, T | ''> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, value]],
    ),
  );
}

/** Whether the server is OpenAI's own, which refuses some fields that others need and the other way round. */
export function isOpenAiItself(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && new URL(baseUrl).hostname === 'api.openai.com';
}
