/** How each program of the product is started and stopped. Pure. */
import { join } from 'node:path';
import type { ChildSpecification } from './managed-child.ts';
import type { RawEnvironment } from './read-environment.ts';

/** Loading the models takes seconds on a slow disk. */
const readyTimeoutMs = { api: 30_000, engines: 120_000, worker: 60_000, livekit: 20_000 } as const;
const stopTimeoutMs = { api: 8_000, engines: 8_000, worker: 12_000, livekit: 3_000 } as const;

export function serviceSpecification(
  name: 'api' | 'engines' | 'worker',
  root: string,
  environment: RawEnvironment,
): ChildSpecification {
  return {
    name,
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(root, 'apps', name, 'src/main.ts')],
    workingDirectory: root,
    environment,
    readiness: 'message',
    readyTimeoutMs: readyTimeoutMs[name],
    stopTimeoutMs: stopTimeoutMs[name],
    shownLevel: 'warn',
    // On SIGTERM a worker offers its calls to others; here there are none, and the whole product stops.
    ...(name === 'worker' ? { stopSignal: 'SIGINT' } : {}),
  };
}

export function livekitSpecification(options: {
  program: string;
  configurationFile: string;
  root: string;
  environment: RawEnvironment;
  answers: () => Promise<boolean>;
}): ChildSpecification {
  return {
    name: 'livekit-server',
    program: options.program,
    args: ['--config', options.configurationFile],
    workingDirectory: options.root,
    environment: options.environment,
    readiness: options.answers,
    readyTimeoutMs: readyTimeoutMs.livekit,
    stopTimeoutMs: stopTimeoutMs.livekit,
    // It warns of every browser that leaves without a goodbye.
    shownLevel: 'error',
    // On the first signal it waits for every room to empty; agents are gone by then, and people cannot be.
    secondSignalAfterMs: 300,
  };
}
