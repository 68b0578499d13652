/** Configuration of the API: the only place in this app that reads the environment. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvironment } from '@sophy/contracts/environment';
import type { Price } from '@sophy/contracts/price-table';
import type { Settings } from '@sophy/contracts/settings';
import { settingsFromEnvironment } from '@sophy/contracts/settings-from-environment';
import { priceBook } from '@sophy/conversation/cost/price-book';
import { readSecretsKey } from '@sophy/db/secrets-key';
import { type EngineEndpoints, engineEndpoints } from '@sophy/providers/engine-endpoints';
import { readPricesFile } from '@sophy/providers/prices-file';

export type ApiConfiguration = {
  readonly host: string;
  readonly port: number;
  readonly httpsPort: number;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: string | undefined;
  readonly adminPassword: string | undefined;
  readonly livekit: {
    readonly url: string;
    readonly publicUrl: string | undefined;
    readonly apiKey: string;
    readonly apiSecret: string;
  };
  readonly agentDispatchName: string;
  readonly endpoints: EngineEndpoints;
  /** What engines cost; the first that fits is the price. */
  readonly prices: readonly Price[];
  /** Both files, or undefined where HTTPS is off. */
  readonly certificate: { readonly keyFile: string; readonly certFile: string } | undefined;
  /** The built web client; it may not be there. */
  readonly webFolder: string;
  readonly version: string;
};

/** What only the process needs, beside what the app needs. */
export type ProcessConfiguration = {
  readonly app: ApiConfiguration;
  readonly logLevel: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly secretsKey: Buffer;
  /** Settings before any row in Postgres. */
  readonly baseSettings: Settings;
};

const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** Reads and checks the environment and `.env`. Prints every problem and exits with 78 (configuration error) when it is wrong. */
export function readConfiguration(version: string): ProcessConfiguration {
  const envFile = resolve(repositoryRoot, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const result = parseEnvironment(process.env, ['DATABASE_URL', 'LIVEKIT_URL']);
  const pricesFile = process.env['PRICES_FILE'];
  const ownPrices = pricesFile
    ? readPricesFile(resolve(repositoryRoot, pricesFile))
    : { table: undefined, problems: [] };
  if (!result.ok || ownPrices.problems.length > 0) {
    for (const problem of [...(result.ok ? [] : result.problems), ...ownPrices.problems])
      process.stderr.write(`${problem.variable}: ${problem.message}\n`);
    process.exit(78);
  }
  const { environment } = result;
  const keyFile = resolve(repositoryRoot, 'certs/key.pem');
  const certFile = resolve(repositoryRoot, 'certs/cert.pem');
  return {
    app: {
      host: environment.HOST,
      port: environment.WEB_PORT,
      httpsPort: environment.HTTPS_PORT,
      publicUrl: environment.PUBLIC_URL,
      trustedProxies: environment.TRUSTED_PROXIES,
      adminPassword: environment.ADMIN_PASSWORD,
      livekit: {
        url: environment.LIVEKIT_URL ?? '',
        publicUrl: environment.LIVEKIT_PUBLIC_URL,
        apiKey: environment.LIVEKIT_API_KEY ?? '',
        apiSecret: environment.LIVEKIT_API_SECRET ?? '',
      },
      agentDispatchName: environment.AGENT_DISPATCH_NAME,
      endpoints: {
        ...engineEndpoints(environment),
        enginesUrl: environment.ENGINES_URL ?? `http://127.0.0.1:${environment.ENGINES_PORT}/v1`,
      },
      prices: priceBook(ownPrices.table).prices,
      certificate: existsSync(keyFile) && existsSync(certFile) ? { keyFile, certFile } : undefined,
      webFolder: resolve(repositoryRoot, 'apps/web/dist'),
      version,
    },
    logLevel: environment.LOG_LEVEL,
    databaseUrl: environment.DATABASE_URL ?? '',
    redisUrl: environment.REDIS_URL,
    secretsKey: readSecretsKey({
      configured: environment.SECRETS_KEY,
      dataDirectory: resolve(repositoryRoot, environment.SOPHY_DATA_DIR),
    }),
    baseSettings: settingsFromEnvironment(environment),
  };
}
