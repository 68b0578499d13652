/**
 * The worker: registers at LiveKit under a name of its own, takes the calls that the supervisor places on it, one
 * process a call. Holds no state; what matters is in Postgres. How it ends: docs/lifecycle.md.
 */
import { fileURLToPath } from 'node:url';
import { AgentServer, initializeLogger, type JobRequest, ServerOptions } from '@livekit/agents';
import { agentIdentity, workerDispatchName } from '@sophy/contracts/job-metadata';
import { agentStateAttribute, standbyState } from '@sophy/contracts/room-messages';
import { hasSuccessors, reportAgentGone, requestHandOvers, staleAgents } from '@sophy/db/agent-lease';
import { hintSlotFreed } from '@sophy/db/call-hints';
import type { WorkerState } from '@sophy/db/call-tables';
import { openDatabase } from '@sophy/db/database';
import { heartbeatWorker } from '@sophy/db/workers';
import { JobMetrics } from '@sophy/telemetry/job-metrics';
import { createLogger } from '@sophy/telemetry/logger';
import { createRegistry, createWorkerMetrics } from '@sophy/telemetry/metrics';
import description from '../package.json' with { type: 'json' };
import { announceParent, readConfiguration } from './configuration.ts';
import { adoptSpool, adoptSpools } from './journal/adopt-spools.ts';
import { Heartbeat } from './journal/heartbeat.ts';
import { drain } from './parent/drain.ts';
import { startMetricsServer } from './parent/metrics-server.ts';
import { portOrFree } from './parent/port-or-free.ts';
import { parseJobMetadata, type RunningJob, RunningJobs } from './parent/running-jobs.ts';
import { Slots } from './parent/slots.ts';
import { StaleJobs } from './parent/stale-jobs.ts';
import { WarmProcesses } from './parent/warm-processes.ts';
import { newWorkerId } from './parent/worker-id.ts';

const heartbeatMs = 1_000;
const adoptEveryMs = 10_000;
/** A job that does not end by itself within this time is killed, ms. */
const jobShutdownMs = 8_000;
/** A job process that is not ready by then is given up, ms. */
const jobStartMs = 60_000;
/** LiveKit may be away for as long as it likes: a worker that gives up takes its calls with it. */
const endlessRetries = Number.MAX_SAFE_INTEGER;

const configuration = readConfiguration();
const { environment, livekit } = configuration;
const workerId = newWorkerId();
const logger = createLogger({ service: 'worker', level: environment.LOG_LEVEL }).child({ workerId });
// The framework logs for itself; its info lines tell nothing that ours do not.
initializeLogger({ pretty: false, level: environment.LOG_LEVEL === 'info' ? 'warn' : environment.LOG_LEVEL });

let drainingSinceMs: number | undefined;
let isRegistered = false;
let isReady = false;
let isStopping = false;
const stopNow = new AbortController();
const registry = createRegistry('worker');
const metrics = createWorkerMetrics(registry);
metrics.slots.set(environment.WORKER_SLOTS);
const jobProcesses = new Map<string, number>();
const warm = new WarmProcesses();
const metricsServer = await startMetricsServer({
  host: environment.WORKER_HOST,
  port: environment.WORKER_METRICS_PORT,
  metrics: new JobMetrics(registry),
  onJob: (jobId, pid) => {
    jobProcesses.set(jobId, pid);
    warm.taken(pid);
  },
  onWarm: (pid) => {
    warm.ready(pid);
    void heartbeat.now().then(sayReady);
  },
  logger,
});
announceParent({ workerId, reportUrl: metricsServer.reportUrl }, configuration.dataDirectory);

const workerPort = await portOrFree(environment.WORKER_PORT);
const database = openDatabase({
  url: configuration.databaseUrl,
  maxConnections: 3,
  onConnectionLost: (error) => logger.warn({ error }, 'an idle database connection broke; it is replaced'),
});

const server: AgentServer = new AgentServer(
  new ServerOptions({
    agent: fileURLToPath(new URL('job.ts', import.meta.url)),
    agentName: workerDispatchName(environment.AGENT_DISPATCH_NAME, workerId),
    requestFunc: onRequest,
    // The supervisor knows what this worker can take; LiveKit must never hold a job back.
    loadFunc: async () => 0,
    loadThreshold: 1,
    numIdleProcesses: environment.WORKER_WARM_JOBS,
    // A busy machine takes long to start a process; one that is given up is started again, and takes as long.
    initializeProcessTimeout: jobStartMs,
    shutdownProcessTimeout: jobShutdownMs,
    maxRetry: endlessRetries,
    wsURL: livekit.url,
    apiKey: livekit.apiKey,
    apiSecret: livekit.apiSecret,
    host: environment.WORKER_HOST,
    port: workerPort,
    production: true,
    logLevel: 'warn',
  }),
);
const adoption = { database, spoolDirectory: configuration.spoolDirectory, logger };
const jobs = new RunningJobs({ server, onGone: (job) => void onJobGone(job) });
const slots = new Slots({
  total: environment.WORKER_SLOTS,
  running: () => jobs.current,
  nowMs: () => performance.now(),
});
const staleJobs = new StaleJobs({ kill: killJob, nowMs: () => performance.now() });

async function onRequest(request: JobRequest): Promise<void> {
  const job = parseJobMetadata(request.job.metadata);
  if (job === undefined) {
    logger.error({ jobId: request.id }, 'job refused: its metadata is not ours');
    await request.reject();
    return;
  }
  if (!slots.take({ jobId: request.id, metadata: job })) {
    const { callId, epoch } = job;
    logger.warn({ jobId: request.id, callId, epoch }, 'job refused: no free slot');
    await request.reject();
    await reportAgentGone(database, job);
    return;
  }
  // Nobody is to see it before it has the call.
  const attributes = job.isSuccessor === true ? { [agentStateAttribute]: standbyState } : undefined;
  await request.accept('Sophy', agentIdentity(job), '', attributes);
  // The supervisor knows from here on that the agent is on its way.
  void heartbeat.now();
}

/** A supervisor is told at once, so that nobody has to wait for the lease to run out. */
async function onJobGone({ jobId, metadata }: RunningJob): Promise<void> {
  jobProcesses.delete(jobId);
  try {
    // First what it had acknowledged, so that the next agent finds it.
    await adoptSpool(adoption, metadata).catch((error: unknown) =>
      logger.warn({ error, jobId }, 'spool of a job not adopted; tried again later'),
    );
    await reportAgentGone(database, metadata);
    await heartbeat.now();
    await hintSlotFreed(database);
  } catch (error) {
    const { callId, epoch } = metadata;
    logger.warn(
      { error, jobId, callId, epoch },
      'end of a job not reported; the supervisor will see it by itself',
    );
  }
}

function killJob(jobId: string): void {
  const pid = jobProcesses.get(jobId);
  logger.error({ jobId, pid }, 'job killed: it has lost its call and does not leave');
  if (pid !== undefined && isRunning(jobId)) process.kill(pid, 'SIGKILL');
}

function isRunning(jobId: string): boolean {
  return server.activeJobs.some(({ job }) => job.id === jobId);
}

const heartbeat = new Heartbeat({
  everyMs: heartbeatMs,
  logger,
  beat: async () => {
    const running = jobs.current;
    for (const job of running) slots.started(job.jobId);
    metrics.activeCalls.set(running.length);
    metrics.drainingSeconds.set(
      drainingSinceMs === undefined ? 0 : (performance.now() - drainingSinceMs) / 1_000,
    );
    await heartbeatWorker(database, {
      id: workerId,
      version: description.version,
      slots: environment.WORKER_SLOTS,
      jobs: slots.jobs.map(({ metadata: { callId, epoch } }) => `${callId}:${epoch}`),
      warm: warm.count,
      state: stateNow(),
      metricsUrl: `http://${environment.WORKER_HOST}:${metricsServer.port}/metrics`,
    });
    staleJobs.note(
      running,
      await staleAgents(
        database,
        running.map(({ metadata }) => metadata),
      ),
    );
  },
});

/** Agents may have died with a worker before this one, on the same disk. */
const adopting = new Heartbeat({
  everyMs: adoptEveryMs,
  logger,
  beat: async () => {
    const adopted = await adoptSpools(adoption);
    if (adopted > 0) logger.info({ adopted }, 'spools of dead agents adopted');
  },
});

/** Takes no more calls, lets others take over those that it has, then ends. */
async function drainAndStop(reason: string): Promise<void> {
  if (drainingSinceMs !== undefined) {
    stopNow.abort();
    return;
  }
  drainingSinceMs = performance.now();
  logger.info({ reason, activeCalls: jobs.current.length }, 'draining');
  await heartbeat.now();
  const left = await drain({
    budgetMs: environment.WORKER_DRAIN_SECONDS * 1_000,
    activeJobs: () => jobs.current.length,
    requestHandOvers: (withinMs) => requestHandOvers(database, workerId, withinMs),
    hasSuccessors: () => hasSuccessors(database, workerId),
    nowMs: () => performance.now(),
    signal: stopNow.signal,
    logger,
  });
  if (left > 0) logger.warn({ left }, 'calls are left that no other worker has taken');
  await stop(reason);
}

async function stop(reason: string): Promise<void> {
  drainingSinceMs ??= performance.now();
  stopNow.abort();
  if (isStopping) return;
  isStopping = true;
  logger.info({ reason }, 'stopping');
  await server.close();
  jobs.look();
  jobs.close();
  await Promise.all([heartbeat.close(), adopting.close()]);
  await metricsServer.close();
  await database.close();
  logger.info('stopped');
  process.exit(0);
}
process.on('SIGTERM', () => void drainAndStop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
process.once('disconnect', () => void stop('parent is gone'));

server.event.once('worker_registered', () => {
  isRegistered = true;
  sayReady();
});

/** Once: LiveKit knows the worker, and the first call finds a process that waits. */
function sayReady(): void {
  if (isReady || !isRegistered || warm.count === 0) return;
  isReady = true;
  // Calls may be waiting for a slot.
  heartbeat
    .now()
    .then(() => hintSlotFreed(database))
    .catch((error: unknown) => logger.debug({ error }, 'supervisors will see the new worker by themselves'));
  logger.info({ slots: environment.WORKER_SLOTS, metricsPort: metricsServer.port }, 'ready');
  process.send?.({ type: 'ready', port: workerPort });
}

function stateNow(): WorkerState {
  if (drainingSinceMs !== undefined) return 'draining';
  return isReady ? 'ready' : 'starting';
}
try {
  await server.run();
} catch (error) {
  logger.fatal({ error }, 'worker ended');
  await stop('worker ended');
}
