/**
 * The worker: registers at LiveKit, takes a call into each free slot, one process a call.
 * Holds no state of its own; what matters is in Postgres.
 */
import { fileURLToPath } from 'node:url';
import { AgentServer, initializeLogger, type JobRequest, ServerOptions } from '@livekit/agents';
import { agentIdentity, jobMetadataSchema } from '@sophy/contracts/job-metadata';
import { openDatabase } from '@sophy/db/database';
import { heartbeatWorker } from '@sophy/db/workers';
import { JobMetrics } from '@sophy/telemetry/job-metrics';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import { announceParentMetrics, readConfiguration } from './configuration.ts';
import { Heartbeat } from './journal/heartbeat.ts';
import { startMetricsServer } from './parent/metrics-server.ts';
import { portOrFree } from './parent/port-or-free.ts';
import { Slots } from './parent/slots.ts';
import { workerIdOf } from './parent/worker-id.ts';

const heartbeatMs = 1_000;
/** A job that does not end by itself within this time is killed, ms. */
const jobShutdownMs = 8_000;
/** LiveKit may be away for as long as it likes: a worker that gives up takes its calls with it. */
const endlessRetries = Number.MAX_SAFE_INTEGER;

const configuration = readConfiguration();
const { environment, livekit } = configuration;
const logger = createLogger({ service: 'worker', level: environment.LOG_LEVEL });
// The framework logs for itself; its info lines tell nothing that ours do not.
initializeLogger({ pretty: false, level: environment.LOG_LEVEL === 'info' ? 'warn' : environment.LOG_LEVEL });

let isStopping = false;
const registry = createRegistry('worker');
const metrics = createWorkerMetrics(registry);
metrics.slots.set(environment.WORKER_SLOTS);
const metricsServer = await startMetricsServer({
  host: environment.HOST,
  port: environment.WORKER_METRICS_PORT,
  metrics: new JobMetrics(registry),
  logger,
});
announceParentMetrics(metricsServer.reportUrl);

const workerPort = await portOrFree(environment.WORKER_PORT);
const database = openDatabase({ url: configuration.databaseUrl, maxConnections: 2 });
database.pool.on('error', (error) => logger.warn({ error }, 'idle database connection failed'));

const server: AgentServer = new AgentServer(
  new ServerOptions({
    agent: fileURLToPath(new URL('job.ts', import.meta.url)),
    agentName: environment.AGENT_DISPATCH_NAME,
    requestFunc: onRequest,
    loadFunc: async () => slots.load,
    loadThreshold: 1,
    numIdleProcesses: 1,
    shutdownProcessTimeout: jobShutdownMs,
    maxRetry: endlessRetries,
    wsURL: livekit.url,
    apiKey: livekit.apiKey,
    apiSecret: livekit.apiSecret,
    host: '127.0.0.1',
    port: workerPort,
    production: true,
    logLevel: 'warn',
  }),
);
const slots: Slots = new Slots({
  total: environment.WORKER_SLOTS,
  running: () => server.activeJobs.length,
  nowMs: () => performance.now(),
});
const workerId = workerIdOf(process.pid);

async function onRequest(request: JobRequest): Promise<void> {
  const job = jobMetadataSchema.safeParse(parseJson(request.job.metadata));
  if (!job.success) {
    logger.error({ jobId: request.id }, 'job refused: its metadata is not ours');
    await request.reject();
    return;
  }
  if (!slots.take(request.id)) {
    logger.warn({ jobId: request.id, callId: job.data.callId }, 'job refused: no free slot');
    await request.reject();
    return;
  }
  await request.accept('Sophy', agentIdentity(job.data));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const heartbeat = new Heartbeat({
  everyMs: heartbeatMs,
  logger,
  beat: async () => {
    for (const job of server.activeJobs) slots.started(job.job.id);
    metrics.activeCalls.set(server.activeJobs.length);
    await heartbeatWorker(database, {
      id: workerId,
      version: '0.1.0',
      slots: environment.WORKER_SLOTS,
      active: slots.used,
      state: isStopping ? 'draining' : 'ready',
      metricsUrl: `http://${environment.HOST}:${metricsServer.port}/metrics`,
    });
  },
});

async function stop(reason: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  logger.info({ reason }, 'stopping');
  await server.close();
  await heartbeat.close();
  await metricsServer.close();
  await database.close();
  logger.info('stopped');
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
process.once('disconnect', () => void stop('parent is gone'));

server.event.once('worker_registered', () => {
  logger.info({ workerId, slots: environment.WORKER_SLOTS, metricsPort: metricsServer.port }, 'ready');
  process.send?.({ type: 'ready', port: workerPort });
});
try {
  await server.run();
} catch (error) {
  logger.fatal({ error }, 'worker ended');
  await stop('worker ended');
}
