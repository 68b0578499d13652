/** The whole product as a pool: Postgres, livekit-server, API replicas and workers as real processes, engines by script. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SettingsPatch } from '@sophy/contracts/settings';
import { freeTcpPort } from '@sophy/testkit/free-port';
import { startLivekitServer, type TestLivekitServer } from '@sophy/testkit/livekit-server';
import { openaiEngines } from '@sophy/testkit/product';
import { repositoryRoot } from '@sophy/testkit/repository-root';
import type { ScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { testEnvironment } from '@sophy/testkit/test-environment';
import type { ToolServer } from '@sophy/testkit/tool-server';
import { installAudit } from './audit.ts';
import { type DispatchGate, startDispatchGate } from './dispatch-gate.ts';
import { greeting, startEngines } from './engines.ts';
import { JobProcesses } from './job-processes.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import type { Random } from './random.ts';
import { Replica, restartDelayMs } from './replica.ts';
import { startTools } from './tools.ts';

/** In the environment of every process of a run, so that what is left behind is found. */
export const runMarkVariable = 'SOPHY_CHAOS_RUN';

export type FleetOptions = {
  readonly apis: number;
  readonly workers: number;
  readonly slotsPerWorker: number;
  readonly random: Random;
  /** Logs of every process are kept here. */
  readonly logFolder: string;
  readonly settings?: SettingsPatch;
  readonly env?: Readonly<Record<string, string>>;
  /** For the first API replica and the first worker alone. */
  readonly firstEnv?: Readonly<Record<string, string>>;
};

export type Fleet = {
  readonly runMark: string;
  readonly postgres: PostgresServer;
  readonly livekit: TestLivekitServer;
  readonly engines: ScriptedEngineServer;
  readonly tools: ToolServer;
  readonly dispatches: DispatchGate;
  readonly apis: readonly Replica[];
  readonly workers: readonly Replica[];
  readonly jobs: JobProcesses;
  /** Asks one API replica after the other until one answers. Rejects when none does. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** After the moment that an orchestrator takes; failures to start are kept in `problems`. */
  startAgain(replica: Replica): Promise<void>;
  /** What went wrong with the processes themselves. */
  readonly problems: string[];
  stop(): Promise<void>;
};

/** Resolves when every process is ready. What was started is ended when it rejects. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'sophy-chaos-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await start(options, folder, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: FleetOptions,
  folder: string,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Fleet> {
  const { logFolder } = options;
  await mkdir(logFolder, { recursive: true });
  // Directly below the system's folder: the account of Postgres must be able to walk there.
  const postgresFolder = await mkdtemp(join(tmpdir(), 'sophy-chaos-postgres-'));
  closers.push(() => rm(postgresFolder, { recursive: true, force: true }));
  const postgres = await startPostgresServer(postgresFolder);
  closers.push(() => postgres.stop());
  await installAudit(postgres.url);
  const engines = await startEngines();
  closers.push(() => engines.stop());
  const tools = await startTools(folder);
  closers.push(() => tools.server.stop());
  const apiPorts = await freePorts(options.apis);
  const livekit = await startLivekitServer({
    webhookUrls: apiPorts.map((port) => `http://127.0.0.1:${port}/api/livekit/webhook`),
  });
  closers.push(() => livekit.stop());
  const dispatches = await startDispatchGate(livekit.url, options.random.branch('dispatch-loss'));
  closers.push(() => dispatches.stop());

  const runMark = randomUUID();
  const jobs = new JobProcesses();
  const problems: string[] = [];
  const common = {
    ...testEnvironment.childBase,
    [runMarkVariable]: runMark,
    HOST: '127.0.0.1',
    WORKER_METRICS_PORT: '0',
    WORKER_SLOTS: String(options.slotsPerWorker),
    LOG_LEVEL: testEnvironment.logLevel,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    LIVEKIT_URL: livekit.url,
    LIVEKIT_PUBLIC_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    // Nobody listens there, so that an Ollama of this machine does not become the brain.
    OLLAMA_HOST: 'http://127.0.0.1:9',
    TOOLS_FILE: tools.file,
    ...openaiEngines(engines.baseUrl).env,
    ...options.env,
  };
  const replica = (name: string, entry: string, env: Readonly<Record<string, string>>): Replica => {
    const made = new Replica({
      name,
      command: process.execPath,
      arguments: [join(repositoryRoot, entry)],
      cwd: repositoryRoot,
      env: {
        ...common,
        DATABASE_URL: `${postgres.url}?application_name=${name}`,
        SOPHY_DATA_DIR: join(folder, name),
        ...(name.endsWith('-1') ? options.firstEnv : {}),
        ...env,
      },
      readyTimeoutMs: 90_000,
      logFolder,
      onLine: (line) => jobs.read(name, line),
    });
    closers.push(async () => {
      const { killed, code } = await made.terminate(15_000);
      if (killed) problems.push(`${name} did not end within 15 s of SIGTERM`);
      else if (code !== 0) problems.push(`${name} ended with ${code} after SIGTERM`);
      await made.closeLog();
    });
    return made;
  };
  const apis = apiPorts.map((port, index) =>
    replica(`api-${index + 1}`, 'apps/api/src/main.ts', {
      WEB_PORT: String(port),
      LIVEKIT_URL: dispatches.url,
    }),
  );
  const workerPorts = await freePorts(options.workers);
  const workers = workerPorts.map((port, index) =>
    replica(`worker-${index + 1}`, 'apps/worker/src/main.ts', { WORKER_PORT: String(port) }),
  );

  const api: Fleet['api'] = async (method, path, body) => {
    let failure: unknown;
    for (const port of apiPorts) {
      try {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(10_000),
        });
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json') === true;
        return {
          status: response.status,
          headers: response.headers,
          body: isJson && text !== '' ? JSON.parse(text) : text,
        };
      } catch (error) {
        failure = error;
      }
    }
    throw new Error(`no API replica answers ${method} ${path}`, { cause: failure });
  };

  await Promise.all(apis.map((each) => each.start()));
  const answer = await api('POST', '/api/settings', {
    settings: { greeting, ...options.settings },
    check: false,
  });
  if (answer.status !== 200) throw new Error(`settings were refused: ${JSON.stringify(answer.body)}`);
  await Promise.all(workers.map((each) => each.start()));

  return {
    runMark,
    postgres,
    livekit,
    engines,
    tools: tools.server,
    dispatches,
    apis,
    workers,
    jobs,
    api,
    async startAgain(each) {
      await sleep(restartDelayMs);
      try {
        await each.start();
      } catch (error) {
        problems.push(`${each.name} did not start again: ${String(error).slice(0, 2_000)}`);
      }
    },
    problems,
    stop: close,
  };
}

/** Different from one another: asked for at once, the system does not give the same port twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: count }, () => freeTcpPort()));
}
