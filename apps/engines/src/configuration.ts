/** What the engines process needs of the environment, with paths resolved. */
import { join, resolve } from 'node:path';
import type { Environment } from '@sophy/contracts/environment';

export type EnginesConfiguration = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly modelDirectory: string;
  /** Processor threads of one recognition, synthesis or answer. */
  readonly threads: number;
  /** Requests worked on at once, for each stage. */
  readonly concurrency: number;
};

const repositoryRoot = resolve(import.meta.dirname, '..', '..', '..');

export function enginesConfiguration(environment: Environment): EnginesConfiguration {
  return {
    host: environment.ENGINES_HOST,
    port: environment.ENGINES_PORT,
    logLevel: environment.LOG_LEVEL,
    modelDirectory: join(resolve(repositoryRoot, environment.SOPHY_DATA_DIR), 'models'),
    threads: environment.ENGINES_THREADS,
    concurrency: environment.ENGINES_CONCURRENCY,
  };
}
