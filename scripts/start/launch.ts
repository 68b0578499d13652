/** Brings the whole product up: what does not depend on each other at the same time, everything before the last line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '@sophy/contracts/environment';
import { migrate } from '@sophy/db/migrate';
import { readSecretsKey } from '@sophy/db/secrets-key';
import { hasCertificate, localHost, networkAddress, reachableHost } from './addresses.ts';
import { childEnvironment } from './child-environment.ts';
import { livekitSpecification, serviceSpecification } from './child-specifications.ts';
import { findLivekitServer } from './find-livekit-server.ts';
import { type LaunchPlan, planLaunch } from './launch-plan.ts';
import { livekitBuild } from './livekit-build.ts';
import { livekitConfiguration } from './livekit-configuration.ts';
import { keptLivekitKey } from './livekit-key.ts';
import { livekitRelease } from './livekit-release.ts';
import { type ChildSpecification, ManagedChild } from './managed-child.ts';
import { fetchNeededModels } from './models.ts';
import { ollamaAnswers } from './ollama.ts';
import { choosePort, portState } from './ports.ts';
import { PostgresPart } from './postgres-part.ts';
import type { Progress } from './progress.ts';
import { isSet, type RawEnvironment, type StartEnvironment } from './read-environment.ts';
import { RotatingLog } from './rotating-log.ts';
import type { RunRecords } from './run-records.ts';
import type { PartName, RunningParts } from './running-parts.ts';
import { messageOf, Trouble } from './trouble.ts';
import { buildWebClient, isWebClientBuilt } from './web-client.ts';

export type LaunchContext = StartEnvironment & {
  readonly root: string;
  readonly dataDirectory: string;
  readonly parts: RunningParts;
  readonly records: RunRecords;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

export type Launched = { readonly webPort: number; readonly localUrl: string; readonly plan: LaunchPlan };

type Livekit = { url: string; publicUrl: string | undefined; apiKey: string; apiSecret: string };

const usualPostgresPort = 54_320;
const usualLivekitPorts = { http: 7880, rtcTcp: 7881, rtcUdp: 7882 } as const;

/**
 * Resolves when every part is ready.
 * @throws Trouble with a sentence for the person; parts that were started stay in `context.parts`, to be stopped.
 */
export async function launch(context: LaunchContext): Promise<Launched> {
  const { environment, raw, dataDirectory, root, progress } = context;
  const webPort = await chooseWebPort(context);
  await checkHttpsPort(context);
  const hasOllama = await ollamaAnswers(environment.OLLAMA_HOST);
  const plan = planLaunch(environment, hasOllama);
  const enginesPort = await chooseServicePort(context, 'ENGINES_PORT', webPort);
  const enginesUrl =
    environment.ENGINES_URL ??
    (plan.localStages.length > 0 ? `http://127.0.0.1:${enginesPort}/v1` : undefined);

  const shared = {
    dataDirectory,
    webPort,
    enginesUrl,
    enginesPort,
    secretsKey: secretsKeyOf(context),
    usesOllama: hasOllama && !isSet(raw, 'LLM_ENGINE') && !isSet(raw, 'LLM_BASE_URL'),
  };
  const livekitKey = keptLivekitKey(dataDirectory);
  const unknownYet = {
    databaseUrl: '',
    workerPort: environment.WORKER_PORT,
    livekit: { url: '', publicUrl: undefined, ...livekitKey },
  };

  const startServices = async (): Promise<void> => {
    const [databaseUrl, livekit] = await Promise.all([
      startDatabase(context, plan),
      startLivekit(context, plan, webPort),
      isWebClientBuilt(root)
        ? undefined
        : progress.step('Building the web client', () => buildWebClient(root)),
    ]);
    const workerPort = await chooseServicePort(context, 'WORKER_PORT', webPort, enginesPort);
    const complete = childEnvironment(raw, { ...shared, databaseUrl, livekit, workerPort });
    await Promise.all([
      startChild(context, serviceSpecification('api', root, complete)),
      startChild(context, serviceSpecification('worker', root, complete)),
    ]);
  };
  // The engines know nothing of the rest, and loading the models takes longest.
  await Promise.all([
    startEngines(context, plan, childEnvironment(raw, { ...shared, ...unknownYet })),
    startServices(),
  ]);
  return { webPort, localUrl: `http://${localHost(environment.HOST)}:${webPort}`, plan };
}

/** People know the port of the pages: another one is never taken silently. */
async function chooseWebPort({ environment }: LaunchContext): Promise<number> {
  const { HOST: host, WEB_PORT: port } = environment;
  const state = await portState(port, host);
  if (state === 'taken') {
    throw new Trouble(
      `Port ${port} is in use by another program. Stop that program, or choose another port with WEB_PORT: WEB_PORT=${port + 10} npm start`,
    );
  }
  if (state === 'refused') {
    throw new Trouble(
      port < 1024
        ? `This user may not listen on port ${port}. Choose one above 1023 with WEB_PORT.`
        : `This machine cannot listen on ${host}, port ${port}. Check HOST: it is an address of this machine, e.g. 127.0.0.1 or 0.0.0.0.`,
    );
  }
  return port === 0 ? choosePort(0, { host }) : port;
}

/** The second port is listened on only where there is a certificate. */
async function checkHttpsPort({ environment, root }: LaunchContext): Promise<void> {
  const { HOST: host, HTTPS_PORT: port } = environment;
  if (!hasCertificate(root) || (await portState(port, host)) !== 'taken') return;
  throw new Trouble(
    `Port ${port} is in use by another program. Stop that program, or choose another port with HTTPS_PORT: HTTPS_PORT=${port + 10} npm start`,
  );
}

/**
 * A port that a person chose is kept to, or said to be taken; a default gives way to a free one. Asked right before
 * the part starts, so that nobody else takes it in between.
 */
async function chooseServicePort(
  { environment, raw }: LaunchContext,
  variable: 'ENGINES_PORT' | 'WORKER_PORT',
  ...spokenFor: readonly number[]
): Promise<number> {
  const wanted = environment[variable];
  const port = await choosePort(wanted, { host: '127.0.0.1', except: new Set(spokenFor) });
  if (port !== wanted && wanted !== 0 && isSet(raw, variable)) {
    throw new Trouble(
      `Port ${wanted} is in use by another program. Stop that program, or change ${variable}; unset, any free port is taken.`,
    );
  }
  return port;
}

async function startDatabase(context: LaunchContext, plan: LaunchPlan): Promise<string> {
  const { environment, dataDirectory, parts, progress } = context;
  const url = plan.runsPostgres
    ? await progress.step('Starting the database', async () => {
        const log = openLog(context, 'postgres');
        const part = new PostgresPart({
          dataDirectory: join(dataDirectory, 'postgres'),
          log,
          say: (line) => progress.say(line),
        });
        parts.add('postgres', part);
        return part.start(await choosePort(usualPostgresPort, { host: '127.0.0.1' }));
      })
    : (environment.DATABASE_URL ?? '');
  await progress.step('Bringing the database up to date', async () => {
    try {
      await migrate(url);
    } catch (cause) {
      const whose = plan.runsPostgres ? 'The embedded database' : 'The database at DATABASE_URL';
      throw new Trouble(`${whose} cannot be used: ${messageOf(cause)}`, { cause });
    }
  });
  return url;
}

async function startLivekit(context: LaunchContext, plan: LaunchPlan, webPort: number): Promise<Livekit> {
  const { environment, raw, dataDirectory, root, progress } = context;
  if (!plan.runsLivekit) {
    return {
      url: environment.LIVEKIT_URL ?? '',
      publicUrl: environment.LIVEKIT_PUBLIC_URL,
      apiKey: environment.LIVEKIT_API_KEY ?? '',
      apiSecret: environment.LIVEKIT_API_SECRET ?? '',
    };
  }
  const program = await findLivekitServer({
    program: environment.LIVEKIT_SERVER_BIN,
    path: raw['PATH'] ?? '',
    toolsDirectory: join(dataDirectory, 'tools'),
    ways: [livekitRelease(), livekitBuild],
    step: (label, work) => progress.step(label, work),
  });
  const key = keptLivekitKey(dataDirectory);
  const host = isLoopback(environment.HOST) ? '127.0.0.1' : '0.0.0.0';
  const http = await choosePort(usualLivekitPorts.http, { host });
  const rtcTcp = await choosePort(usualLivekitPorts.rtcTcp, { host: '0.0.0.0', except: new Set([http]) });
  const rtcUdp = await choosePort(usualLivekitPorts.rtcUdp, { host: '0.0.0.0', transport: 'udp' });
  const configurationFile = join(dataDirectory, 'livekit.yaml');
  const configuration = livekitConfiguration({
    host: environment.HOST,
    ports: { http, rtcTcp, rtcUdp },
    key,
    webhookUrl: `http://${localHost(environment.HOST)}:${webPort}/api/livekit/webhook`,
  });
  writeFileSync(configurationFile, configuration, { mode: 0o600 });
  await startChild(
    context,
    livekitSpecification({
      program,
      configurationFile,
      root,
      environment: { PATH: raw['PATH'], HOME: raw['HOME'] },
      answers: () => answersOk(`http://127.0.0.1:${http}/`),
    }),
  );
  const reachable = `ws://${reachableHost(environment.HOST, networkAddress())}:${http}`;
  return {
    url: `ws://127.0.0.1:${http}`,
    publicUrl: environment.LIVEKIT_PUBLIC_URL ?? (isLoopback(environment.HOST) ? undefined : reachable),
    ...key,
  };
}

async function startEngines(
  context: LaunchContext,
  plan: LaunchPlan,
  childEnvironment: RawEnvironment,
): Promise<void> {
  if (plan.localStages.length === 0) return;
  const { environment, dataDirectory, progress, signal, root } = context;
  await progress.step('Fetching the local models', (report) =>
    fetchNeededModels({
      dataDirectory,
      source: environment.MODEL_SOURCE,
      stages: plan.localStages,
      signal,
      report,
    }),
  );
  await startChild(context, serviceSpecification('engines', root, childEnvironment));
}

function secretsKeyOf({ environment, dataDirectory }: LaunchContext): string {
  try {
    return readSecretsKey({ configured: environment.SECRETS_KEY, dataDirectory }).toString('base64');
  } catch (cause) {
    throw new Trouble(messageOf(cause), { cause });
  }
}

async function startChild(context: LaunchContext, specification: ChildSpecification): Promise<void> {
  const { parts, records, progress, signal } = context;
  signal.throwIfAborted();
  const child = new ManagedChild(specification, {
    log: openLog(context, specification.name),
    records,
    say: (line) => progress.say(line),
  });
  parts.add(specification.name, child);
  await progress.step(`Starting ${specification.name}`, () => child.start());
}

function openLog({ dataDirectory }: LaunchContext, name: PartName): RotatingLog {
  const directory = join(dataDirectory, 'logs');
  mkdirSync(directory, { recursive: true });
  return new RotatingLog(join(directory, `${name}.log`));
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
