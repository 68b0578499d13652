/** The API process: configuration, database, app, supervisor; then it listens until it is told to stop. */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Database, openDatabase } from '@sophy/db/database';
import { isDatabaseUnavailable } from '@sophy/db/database-unavailable';
import { migrate } from '@sophy/db/migrate';
import { Engines } from '@sophy/providers/engines';
import { RedisBreakerStore } from '@sophy/providers/resilience/redis-breaker-store';
import { createLogger } from '@sophy/telemetry/logger';
import { createApiMetrics, createRegistry } from '@sophy/telemetry/metrics';
import { Redis } from 'ioredis';
import description from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { readConfiguration } from './configuration.ts';
import { listenHttps } from './http/listen-https.ts';
import { createLivekitGateway } from './livekit/livekit-gateway.ts';
import { type Supervisor, startSupervisor } from './supervisor/start-supervisor.ts';

/** A database may start together with the API. */
const longestDatabaseWaitMs = 60_000;
const databaseRetryMs = 1_000;
/** What has not closed by then is cut. */
const longestShutdownMs = 8_000;

const configuration = readConfiguration(description.version);
const logger = createLogger({ service: 'api', level: configuration.logLevel });

/** Newest last; closed from the end, so that nothing is closed before what uses it. */
const opened: { readonly name: string; close(): Promise<void> }[] = [];
let isStopping = false;

process.on('SIGTERM', () => void stop(0));
process.on('SIGINT', () => void stop(0));
// A parent that is gone cannot stop us any more.
if (process.send !== undefined) process.on('disconnect', () => void stop(0));

try {
  const port = await start();
  logger.info({ port, host: configuration.app.host, version: description.version }, 'ready');
  process.send?.({ type: 'ready', port });
} catch (error) {
  logger.fatal({ error }, 'the API could not start');
  process.stderr.write(`${startProblem(error)}\n`);
  await stop(1);
}

async function start(): Promise<number> {
  await migrateWhenReachable(configuration.databaseUrl);
  const database: Database = openDatabase({
    url: configuration.databaseUrl,
    onConnectionLost: (error) => logger.warn({ error }, 'an idle database connection broke; it is replaced'),
  });
  opened.push({ name: 'database', close: () => database.close() });

  const registry = createRegistry('api');
  const metrics = createApiMetrics(registry);
  const redis =
    configuration.redisUrl === undefined
      ? undefined
      : openRedis(configuration.redisUrl, (isThere) =>
          metrics.dependencyUp.set({ dependency: 'redis' }, isThere ? 1 : 0),
        );
  const engines = new Engines({
    endpoints: configuration.app.endpoints,
    ...(configuration.redisUrl === undefined ? {} : { breakers: sharedBreakers(configuration.redisUrl) }),
  });
  opened.push({ name: 'engines', close: () => engines.close() });
  let supervisor: Supervisor | undefined;
  const app = await createApp({
    configuration: configuration.app,
    logger,
    database,
    redis,
    secretsKey: configuration.secretsKey,
    baseSettings: configuration.baseSettings,
    livekit: createLivekitGateway(configuration.app.livekit),
    engines,
    registry,
    metrics,
    onRoomHint: (roomName) => supervisor?.hint(roomName),
    now: Date.now,
  });
  opened.push({ name: 'http', close: () => app.close() });

  supervisor = startSupervisor({
    database,
    databaseUrl: configuration.databaseUrl,
    livekit: configuration.app.livekit,
    agentDispatchName: configuration.app.agentDispatchName,
    logger,
    metrics,
  });
  opened.push({ name: 'supervisor', close: supervisor.close });

  await app.listen({ host: configuration.app.host, port: configuration.app.port });
  const { certificate, host, httpsPort } = configuration.app;
  if (certificate !== undefined) {
    const https = await listenHttps(app, { ...certificate, host, port: httpsPort });
    opened.push({ name: 'https', close: https.close });
    logger.info({ port: https.port }, 'https ready');
  }
  return portOf(app.server.address());
}

async function migrateWhenReachable(url: string): Promise<void> {
  const giveUpAtMs = Date.now() + longestDatabaseWaitMs;
  for (;;) {
    try {
      await migrate(url);
      return;
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > giveUpAtMs || isStopping) throw error;
      logger.warn({ error }, 'the database does not answer yet');
      await delay(databaseRetryMs);
    }
  }
}

function openRedis(url: string, onChange: (isThere: boolean) => void): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  let isAway = false;
  redis.on('ready', () => {
    onChange(true);
    isAway = false;
  });
  redis.on('error', (error) => {
    // It tries again several times a second: one line for each outage.
    if (!isAway) logger.warn({ error }, 'Redis failed; rate limits do not count until it is back');
    isAway = true;
    onChange(false);
  });
  opened.push({ name: 'redis', close: async () => redis.disconnect() });
  return redis;
}

/** So that the API knows which engines the fleet leaves out. */
function sharedBreakers(url: string): RedisBreakerStore {
  return new RedisBreakerStore({
    url,
    onReachable: (isReachable, error) => {
      if (isReachable) logger.info('breakers of engines are shared again');
      else
        logger.warn(
          { error },
          'Redis failed; which engines the fleet leaves out is unknown until it is back',
        );
    },
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const cut = setTimeout(() => process.exit(1), longestShutdownMs);
  cut.unref();
  for (const part of opened.reverse()) {
    try {
      await part.close();
    } catch (error) {
      logger.error({ error, part: part.name }, 'part did not close');
    }
  }
  logger.flush();
  process.exit(exitCode);
}

/** One sentence for the person who starts it. */
function startProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `WEB_PORT: ${configuration.app.port} (or HTTPS_PORT: ${configuration.app.httpsPort}) is in use by another program. Stop it or choose another port.`;
  }
  if (isDatabaseUnavailable(error))
    return 'DATABASE_URL: this database cannot be reached. Start it or change the address.';
  return error instanceof Error ? error.message : String(error);
}
