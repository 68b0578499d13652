/** Configuration of the engines: the only place in this app that reads the environment. */
import { join, resolve } from 'node:path';
import { type Environment, parseEnvironment } from '@sophy/contracts/environment';

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

/** Reads and checks the environment. Prints every problem and exits with 78 (configuration error) when it is wrong. */
export function readConfiguration(): EnginesConfiguration {
  const result = parseEnvironment(process.env);
  if (!result.ok) {
    for (const problem of result.problems) process.stderr.write(`${problem.variable}: ${problem.message}\n`);
    process.exit(78);
  }
  const { environment } = result;
  return {
    host: environment.ENGINES_HOST,
    port: environment.ENGINES_PORT,
    logLevel: environment.LOG_LEVEL,
    modelDirectory: join(resolve(repositoryRoot, environment.SOPHY_DATA_DIR), 'models'),
    threads: environment.ENGINES_THREADS,
    concurrency: environment.ENGINES_CONCURRENCY,
  };
}
