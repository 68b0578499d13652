/** The whole product for one test file: livekit-server, engines, API and worker as real processes on free ports. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenResponseSchema } from '@sophy/contracts/http-token';
import type { SettingsPatch } from '@sophy/contracts/settings';
import { type Caller, joinCaller } from './caller.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { freeTcpPort } from './free-port.ts';
import { startLivekitServer, type TestLivekitServer } from './livekit-server.ts';
import { processTree, stillRunning } from './process-tree.ts';
import { repositoryRoot } from './repository-root.ts';
import { testEnvironment } from './test-environment.ts';

/** Where the engines of a product under test are, up to /v1, and how its settings name them. */
export type ProductEngines = {
  readonly env: Readonly<Record<string, string>>;
};

export type ProductOptions = {
  /** An empty, migrated database, e.g. of `createTestDatabase`; dropping it is up to who made it. */
  readonly databaseUrl: string;
  readonly engines: ProductEngines;
  /** Written through the API before the worker takes a call; engines are not tried, so that a script stays whole. */
  readonly settings?: SettingsPatch;
  /** `host:port` of a Redis for livekit-server and the API; without it there is none. */
  readonly redisAddress?: string;
  /** On top of everything else, for the API and the worker. */
  readonly env?: Readonly<Record<string, string>>;
};

export type ApiAnswer = { readonly status: number; readonly body: unknown };

export type Product = {
  readonly apiUrl: string;
  readonly livekit: TestLivekitServer;
  readonly databaseUrl: string;
  api(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer>;
  /** Joins as a browser would: a token from the API, then LiveKit. The caller leaves when the product stops. */
  joinCaller(options: { roomName: string; name: string }): Promise<Caller>;
  /** The first worker. */
  readonly worker: ChildProgram;
  /** One more worker, ready to take calls. */
  startWorker(env?: Readonly<Record<string, string>>): Promise<ChildProgram>;
  /** The test ends this program by itself, in whichever way. */
  dismiss(program: ChildProgram): void;
  /** What every process has logged, for a failed test. */
  logs(): string;
  /**
   * Lets all callers leave and ends every process in order.
   * Rejects when one had to be killed, ended with an error, or left a process behind.
   */
  stop(): Promise<void>;
};

/** Engines that another server plays: every stage is the `openai` engine at that address (up to /v1). */
export function openaiEngines(baseUrl: string): ProductEngines {
  return {
    env: {
      STT_ENGINE: 'openai',
      STT_BASE_URL: baseUrl,
      STT_MODEL: 'scripted',
      LLM_ENGINE: 'openai',
      LLM_BASE_URL: baseUrl,
      LLM_MODEL: 'scripted',
      TTS_ENGINE: 'openai',
      TTS_BASE_URL: baseUrl,
      TTS_MODEL: 'scripted',
      TTS_VOICE: 'scripted',
    },
  };
}

/** The product's own engines at an address (up to /v1). */
export function localEngines(baseUrl: string): ProductEngines {
  return { env: { STT_ENGINE: 'local', LLM_ENGINE: 'local', TTS_ENGINE: 'local', ENGINES_URL: baseUrl } };
}

/** Starts everything and resolves when the API and the worker say that they are ready; throws with all logs otherwise. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const [apiPort, workerPort] = await Promise.all([freeTcpPort(), freeTcpPort()]);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const dataDirectory = await mkdtemp(join(tmpdir(), 'sophy-product-'));
  const programs: ChildProgram[] = [];
  const dismissed = new Set<ChildProgram>();
  const callers: Caller[] = [];
  const { redisAddress } = options;
  const livekit = await startLivekitServer({
    webhookUrl: `${apiUrl}/api/livekit/webhook`,
    ...(redisAddress === undefined ? {} : { redisAddress }),
  });
  const env = {
    ...testEnvironment.childBase,
    HOST: '127.0.0.1',
    WEB_PORT: String(apiPort),
    // The framework takes 0 for "not said" and would listen on its default.
    WORKER_PORT: String(workerPort),
    WORKER_METRICS_PORT: '0',
    LOG_LEVEL: testEnvironment.logLevel,
    SOPHY_DATA_DIR: dataDirectory,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    DATABASE_URL: options.databaseUrl,
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    // Nobody listens there, so that an Ollama of this machine does not become the brain.
    OLLAMA_HOST: 'http://127.0.0.1:9',
    ...(redisAddress === undefined ? {} : { REDIS_URL: `redis://${redisAddress}` }),
    ...options.engines.env,
    ...options.env,
  };
  const logs = (): string =>
    [
      ...programs.map((program) => `--- ${program.name}\n${program.log()}`),
      `--- livekit-server\n${livekit.log()}`,
    ].join('\n');

  const api: Product['api'] = async (method, path, body) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text };
  };

  async function stop(): Promise<void> {
    await Promise.all(callers.splice(0).map((caller) => caller.leave()));
    const problems: string[] = [];
    const pids: number[] = [];
    for (const program of [...programs].reverse()) {
      pids.push(...(await processTree(program.pid)));
      const end = await program.stop(15_000);
      if (dismissed.has(program)) continue;
      if (end.killed) problems.push(`${program.name} did not end within 15 s of SIGTERM`);
      else if (end.code !== 0) problems.push(`${program.name} ended with ${end.code}`);
    }
    await livekit.stop();
    await rm(dataDirectory, { recursive: true, force: true });
    const left = await stillRunning(pids);
    if (left.length > 0) problems.push(`processes left behind: ${left.join(' | ')}`);
    if (problems.length > 0) throw new Error(`${problems.join('; ')}\n${logs()}`);
  }

  function start(name: string, entry: string, more: Readonly<Record<string, string>> = {}): ChildProgram {
    const program = startChildProgram({
      name,
      command: process.execPath,
      arguments: [join(repositoryRoot, entry)],
      cwd: repositoryRoot,
      env: { ...env, ...more },
      ipc: true,
    });
    programs.push(program);
    return program;
  }

  let worker: ChildProgram;
  try {
    await start('api', 'apps/api/src/main.ts').ready(30_000);
    if (options.settings !== undefined) {
      const answer = await api('POST', '/api/settings', { settings: options.settings, check: false });
      if (answer.status !== 200) throw new Error(`settings were refused: ${JSON.stringify(answer)}`);
    }
    worker = start('worker', 'apps/worker/src/main.ts');
    await worker.ready(60_000);
  } catch (error) {
    await Promise.all(programs.map((program) => program.kill()));
    await livekit.stop();
    await rm(dataDirectory, { recursive: true, force: true });
    throw error;
  }

  return {
    apiUrl,
    livekit,
    databaseUrl: options.databaseUrl,
    api,
    worker,
    async startWorker(more = {}) {
      const another = start('worker', 'apps/worker/src/main.ts', {
        ...more,
        WORKER_PORT: String(await freeTcpPort()),
      });
      await another.ready(60_000);
      return another;
    },
    dismiss: (program) => void dismissed.add(program),
    async joinCaller({ roomName, name }) {
      const answer = await api('POST', '/api/token', { room_name: roomName, participant_name: name });
      if (answer.status !== 200) throw new Error(`no token for ${name}: ${JSON.stringify(answer)}`);
      const { token, url } = tokenResponseSchema.parse(answer.body);
      const caller = await joinCaller({ url, token, roomName, name });
      callers.push(caller);
      return caller;
    },
    logs,
    stop,
  };
}
