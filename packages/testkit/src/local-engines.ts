/** The product's own speech and language engines, with the models that `npm start` has fetched. */
import { join } from 'node:path';
import { enginesReadinessSchema } from '@sophy/contracts/http-engines';
import { startChildProgram } from './child-program.ts';
import { dataDirectory, repositoryRoot } from './repository-root.ts';
import { testEnvironment } from './test-environment.ts';

export type LocalEngines = {
  /** Address up to /v1. */
  readonly baseUrl: string;
  readonly pid: number;
  log(): string;
  stop(): Promise<{ readonly code: number | null; readonly killed: boolean }>;
};

/**
 * Starts apps/engines and resolves when recognition and voice can serve; with `brain`, the language model too.
 * Throws with the engines' log when they do not become ready, which mostly means that the models are not there.
 */
export async function startLocalEngines(options: { brain?: boolean } = {}): Promise<LocalEngines> {
  const child = startChildProgram({
    name: 'engines',
    command: process.execPath,
    arguments: [join(repositoryRoot, 'apps/engines/src/main.ts')],
    cwd: repositoryRoot,
    env: {
      ...testEnvironment.childBase,
      ENGINES_PORT: '0',
      SOPHY_DATA_DIR: dataDirectory,
      LOG_LEVEL: testEnvironment.logLevel,
      MODEL_SOURCE: 'none',
    },
    ipc: true,
  });
  try {
    const { port } = await child.ready(60_000);
    const origin = `http://127.0.0.1:${String(port)}`;
    let readiness = '';
    await child
      .readyWhen(async () => {
        const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
        readiness = await response.text();
        const stages = enginesReadinessSchema.parse(JSON.parse(readiness));
        return stages.stt.ready && stages.tts.ready && (options.brain !== true || stages.llm.ready);
      }, 60_000)
      .catch((error: unknown) => {
        throw new Error(
          `the local engines are not ready (run \`npm start\` once to fetch models): ${readiness}`,
          {
            cause: error,
          },
        );
      });
    return { baseUrl: `${origin}/v1`, pid: child.pid, log: child.log, stop: () => child.stop(10_000) };
  } catch (error) {
    await child.kill();
    throw error;
  }
}
