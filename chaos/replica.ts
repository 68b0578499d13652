/** One process of the fleet as an orchestrator runs it: killed, stopped, frozen, and started anew under the same name. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { type ChildProgram, startChildProgram } from '@sophy/testkit/child-program';
import { processTree, signalProcess, signalTree } from '@sophy/testkit/process-tree';

export type ReplicaOptions = {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readyTimeoutMs: number;
  /** Everything that it prints is kept in `<name>.log` here. */
  readonly logFolder: string;
  /** A whole line that it or one of its children has printed. */
  onLine?(line: string): void;
};

/** How long an orchestrator takes to notice that a process has died and to start it anew, ms. */
export const restartDelayMs = 1_000;

export class Replica {
  readonly name: string;
  readonly #options: ReplicaOptions;
  readonly #log: WriteStream;
  #program: ChildProgram | undefined;
  #isReady = false;

  constructor(options: ReplicaOptions) {
    this.name = options.name;
    this.#options = options;
    this.#log = createWriteStream(join(options.logFolder, `${options.name}.log`), { flags: 'a' });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Process id at this moment. Throws when it was never started. */
  get pid(): number {
    if (this.#program === undefined) throw new Error(`${this.name} was not started`);
    return this.#program.pid;
  }

  /** Starts it and resolves when it says that it is ready. Rejects with its log when it does not. */
  async start(): Promise<void> {
    const { name, command, env, cwd, readyTimeoutMs } = this.#options;
    let rest = '';
    const program = startChildProgram({
      name,
      command,
      arguments: this.#options.arguments,
      cwd,
      env,
      ipc: true,
      onOutput: (text) => {
        this.#log.write(text);
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#options.onLine?.(line);
      },
    });
    this.#program = program;
    void program.ended.then(() => {
      if (this.#program === program) this.#isReady = false;
    });
    await program.ready(readyTimeoutMs);
    this.#isReady = true;
  }

  /** kill -9 of the process alone. Returns when it is gone. */
  async killAlone(): Promise<void> {
    this.#isReady = false;
    await this.#program?.kill();
  }

  /** kill -9 of the process and everything under it, stopped first so that nobody reacts to another's death. */
  async killTree(): Promise<void> {
    this.#isReady = false;
    const pids = await signalTree(this.pid, 'SIGSTOP');
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    await this.#program?.kill();
  }

  tree(): Promise<readonly number[]> {
    return processTree(this.pid);
  }

  /** SIGTERM and its end, killed after `graceMs`. */
  async terminate(graceMs: number): Promise<{ code: number | null; killed: boolean; tookMs: number }> {
    this.#isReady = false;
    if (this.#program === undefined) return { code: 0, killed: false, tookMs: 0 };
    const startMs = performance.now();
    const end = await this.#program.stop(graceMs);
    return { ...end, tookMs: performance.now() - startMs };
  }

  async closeLog(): Promise<void> {
    await new Promise<void>((resolve) => this.#log.end(() => resolve()));
  }
}
