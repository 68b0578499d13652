/** Configuration of the engines: the only place in this app that reads the environment. */
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { type Environment, parseEnvironment } from '@sophy/contracts/environment';
import type { ComputeProvider } from './compute-provider.ts';

export type EnginesConfiguration = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly modelDirectory: string;
  readonly modelSource: Environment['MODEL_SOURCE'];
  /** Processor threads of one recognition, synthesis or answer. */
  readonly threads: number;
  /** Requests worked on at once, for each stage. */
  readonly concurrency: number;
  /** Requests that may wait, for each stage. */
  readonly maxWaiting: number;
  /** Wanted for recognition and voices. */
  readonly provider: ComputeProvider;
  /** Layers of the language model that a graphics card computes; 0: none. */
  readonly gpuLayers: number;
  /** What the process may take, bytes. */
  readonly memoryLimitBytes: number;
};

const repositoryRoot = resolve(import.meta.dirname, '..', '..', '..');
const megabyte = 1_000_000;
/** The rest is for the system and the other programs. */
const usualShareOfMemory = 0.8;

/** Reads and checks the environment. Prints every problem and exits with 78 (configuration error) when it is wrong. */
export function readConfiguration(): EnginesConfiguration {
  const result = parseEnvironment(process.env);
  if (!result.ok) {
    for (const problem of result.problems) process.stderr.write(`${problem.variable}: ${problem.message}\n`);
    process.exit(78);
  }
  const { environment } = result;
  const memoryMb = environment.ENGINES_MEMORY_MB;
  return {
    host: environment.ENGINES_HOST,
    port: environment.ENGINES_PORT,
    logLevel: environment.LOG_LEVEL,
    modelDirectory: join(resolve(repositoryRoot, environment.SOPHY_DATA_DIR), 'models'),
    modelSource: environment.MODEL_SOURCE,
    threads: environment.ENGINES_THREADS,
    concurrency: environment.ENGINES_CONCURRENCY,
    maxWaiting: environment.ENGINES_QUEUE,
    provider: environment.ENGINES_PROVIDER,
    gpuLayers: environment.ENGINES_GPU_LAYERS,
    memoryLimitBytes: memoryMb === undefined ? usualMemoryBytes() : memoryMb * megabyte,
  };
}

/** Of the machine, or of the container when it has less. */
function usualMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return usualShareOfMemory * Math.min(totalmem(), constrained > 0 ? constrained : totalmem());
}
