/** The environment that every child gets: what the person set, with the addresses of the parts filled in. Pure. */
import type { RawEnvironment } from './read-environment.ts';

export type PartAddresses = {
  readonly dataDirectory: string;
  readonly webPort: number;
  readonly databaseUrl: string;
  readonly livekit: {
    readonly url: string;
    readonly publicUrl: string | undefined;
    readonly apiKey: string;
    readonly apiSecret: string;
  };
  /** Up to `/v1`; undefined when no stage is served here. */
  readonly enginesUrl: string | undefined;
  readonly enginesPort: number;
  readonly workerPort: number;
  readonly secretsKey: string;
  /** Ollama was found and nothing else was asked for. */
  readonly usesOllama: boolean;
};

/** Variables of the launcher's own IPC channel and of npm, which mean something else in a child. */
const notHandedOn = /^(NODE_CHANNEL_|npm_|INIT_CWD$|PORT$)/;

export function childEnvironment(raw: RawEnvironment, addresses: PartAddresses): RawEnvironment {
  const kept = Object.fromEntries(Object.entries(raw).filter(([name]) => !notHandedOn.test(name)));
  return {
    ...kept,
    NODE_ENV: raw['NODE_ENV'] ?? 'production',
    SOPHY_DATA_DIR: addresses.dataDirectory,
    WEB_PORT: String(addresses.webPort),
    DATABASE_URL: addresses.databaseUrl,
    LIVEKIT_URL: addresses.livekit.url,
    LIVEKIT_PUBLIC_URL: addresses.livekit.publicUrl,
    LIVEKIT_API_KEY: addresses.livekit.apiKey,
    LIVEKIT_API_SECRET: addresses.livekit.apiSecret,
    ENGINES_URL: addresses.enginesUrl,
    ENGINES_PORT: String(addresses.enginesPort),
    WORKER_PORT: String(addresses.workerPort),
    SECRETS_KEY: addresses.secretsKey,
    ...(addresses.usesOllama ? { LLM_ENGINE: 'ollama' } : {}),
  };
}
