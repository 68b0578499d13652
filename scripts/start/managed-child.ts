/**
 * One program of the product: started, watched, restarted when it dies, stopped in the end.
 *
 * idle → starting → ready ⇄ (died → waiting with back-off → starting) → stopping → stopped.
 * Each child leads a process group of its own: a signal from the terminal does not reach it, and what it starts
 * goes with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type ShownLevel, terminalLine } from './child-log-line.ts';
import type { RotatingLog } from './rotating-log.ts';
import type { RunRecords } from './run-records.ts';
import type { Part, PartName } from './running-parts.ts';
import { messageOf, Trouble } from './trouble.ts';

const readyMessageSchema = z.object({ type: z.literal('ready') });
const firstBackOffMs = 1_000;
const longestBackOffMs = 30_000;
/** A child that stood this long is healthy: the next death starts with the short back-off again. */
const healthyAfterMs = 60_000;
const keptLines = 15;
const pollMs = 50;
const lastLinesMs = 200;

export type ChildSpecification = {
  /** Names the log file, the run record and the lines at the terminal. */
  readonly name: PartName;
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ready by its IPC message, or when this probe says so. */
  readonly readiness: 'message' | (() => Promise<boolean>);
  readonly readyTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Least level of its log that is shown at the terminal. */
  readonly shownLevel: ShownLevel;
  /** What ends it; SIGTERM when not given. */
  readonly stopSignal?: NodeJS.Signals;
  /** For a program that waits for its clients on the first SIGTERM: a second one after this time. */
  readonly secondSignalAfterMs?: number;
};

export type ChildSurroundings = {
  readonly log: RotatingLog;
  readonly records: RunRecords;
  say(line: string): void;
};

export class ManagedChild implements Part {
  readonly #specification: ChildSpecification;
  readonly #surroundings: ChildSurroundings;
  readonly #stopping = new AbortController();
  readonly #lastLines: string[] = [];
  #process: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();
  #backOffMs = firstBackOffMs;

  constructor(specification: ChildSpecification, surroundings: ChildSurroundings) {
    this.#specification = specification;
    this.#surroundings = surroundings;
  }

  /** Resolves when the child is ready; from then on it is kept running. Throws Trouble with its last words otherwise. */
  async start(): Promise<void> {
    try {
      await this.#launch();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Resolves when the child and all that it started are gone. Calling it again is harmless. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end();
    await this.#restarting;
    this.#surroundings.records.remove(this.#specification.name);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping.abort();
    this.#signalGroup('SIGKILL');
  }

  async #launch(): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    const { name, program, args, workingDirectory, environment, readiness, readyTimeoutMs } =
      this.#specification;
    const startedAtMs = performance.now();
    const child = spawn(program, args, {
      cwd: workingDirectory,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(readiness === 'message' ? (['ipc'] as const) : [])],
    });
    this.#process = child;
    if (child.pid !== undefined) this.#surroundings.records.add(name, child.pid);
    this.#readLines(child);

    const ready = Promise.withResolvers<'ready'>();
    const ended = Promise.withResolvers<string>();
    child.on('message', (message) => {
      if (readyMessageSchema.safeParse(message).success) ready.resolve('ready');
    });
    child.once('error', (error) => ended.resolve(messageOf(error)));
    child.once('exit', (code, signal) => ended.resolve(signal ?? `code ${code}`));
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    this.#exited = ended.promise.then(() => undefined);

    const attempt = new AbortController();
    try {
      const outcome = await Promise.race([
        readiness === 'message' ? ready.promise : pollUntil(readiness, attempt.signal),
        ended.promise.then((how) => `ended with ${how} before it was ready`),
        delay(readyTimeoutMs, `was not ready after ${readyTimeoutMs / 1000} s`, { signal: attempt.signal }),
      ]);
      if (outcome !== 'ready') {
        // Its last lines may still be in the pipe.
        await Promise.race([closed, delay(lastLinesMs)]);
        throw new Trouble(this.#describeFailure(outcome));
      }
    } finally {
      attempt.abort();
    }
    this.#restarting = ended.promise.then((how) => {
      if (performance.now() - startedAtMs > healthyAfterMs) this.#backOffMs = firstBackOffMs;
      return this.#restart(how);
    });
  }

  async #restart(how: string): Promise<void> {
    const { name } = this.#specification;
    let cause = `ended with ${how}`;
    while (!this.#stopping.signal.aborted) {
      this.#signalGroup('SIGKILL');
      const waitMs = this.#backOffMs;
      this.#backOffMs = Math.min(waitMs * 2, longestBackOffMs);
      this.#surroundings.say(
        `${name} ${cause}; starting it again in ${waitMs / 1000} s (log: ${this.#surroundings.log.file})`,
      );
      try {
        await delay(waitMs, undefined, { signal: this.#stopping.signal });
        await this.#launch();
        this.#surroundings.say(`${name} is back`);
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        cause = error instanceof Trouble ? 'did not start' : messageOf(error);
        await this.#end();
      }
    }
  }

  /** The stop signal, time to close in order, then SIGKILL for the whole group. */
  async #end(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined) return;
    const { stopTimeoutMs, secondSignalAfterMs, stopSignal = 'SIGTERM' } = this.#specification;
    const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
    if (isRunning()) {
      const over = new AbortController();
      child.kill(stopSignal);
      const second =
        secondSignalAfterMs === undefined
          ? undefined
          : setTimeout(() => child.kill(stopSignal), secondSignalAfterMs);
      await Promise.race([this.#exited, delay(stopTimeoutMs, undefined, { signal: over.signal })]);
      clearTimeout(second);
      over.abort();
    }
    this.#signalGroup('SIGKILL');
    await this.#exited;
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // ESRCH: the group is empty. EPERM (macOS): only zombies are left in it.
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }

  #readLines(child: ChildProcess): void {
    const { name, shownLevel } = this.#specification;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#surroundings.log.writeLine(line);
        this.#lastLines.push(line);
        if (this.#lastLines.length > keptLines) this.#lastLines.shift();
        const shown = this.#stopping.signal.aborted ? undefined : terminalLine(name, line, shownLevel);
        if (shown !== undefined) this.#surroundings.say(shown);
      });
    }
  }

  #describeFailure(what: string): string {
    const { name } = this.#specification;
    return [
      `${name} ${what}. Its last words (all of them: ${this.#surroundings.log.file}):`,
      ...this.#lastLines.map((line) => `  ${line}`),
    ].join('\n');
  }
}

async function pollUntil(probe: () => Promise<boolean>, signal: AbortSignal): Promise<'ready'> {
  while (!(await probe())) await delay(pollMs, undefined, { signal });
  return 'ready';
}
