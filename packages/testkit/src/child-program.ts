/** A program started by a test: its log is kept for failures, and it never outlives the test process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const keptLogCharacters = 200_000;
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export type ChildProgram = {
  readonly name: string;
  readonly pid: number;
  /** The end of what it has printed. */
  log(): string;
  /** Resolves with its exit code when it is gone; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Resolves with the fields of its IPC message `{type: 'ready', ...}`; rejects when it ends first or takes too long. */
  ready(timeoutMs: number): Promise<Readonly<Record<string, unknown>>>;
  /** Polls `probe` until it is true; rejects when the program ends first or takes too long. */
  readyWhen(probe: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** Kills it at once, as a crash would. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL after `graceMs`. Resolves with how it ended. */
  stop(graceMs?: number): Promise<{ readonly code: number | null; readonly killed: boolean }>;
};

/** Starts a program with pipes on its output. With `ipc` it can say that it is ready, and notices when we die. */
export function startChildProgram(options: {
  name: string;
  command: string;
  arguments: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  ipc?: boolean;
  /** Told of everything that it and what it starts print, as it comes. */
  onOutput?(text: string): void;
}): ChildProgram {
  const { name } = options;
  const child = spawn(options.command, [...options.arguments], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? (['ipc'] as const) : [])],
  });
  alive.add(child);
  let log = '';
  let readyMessage: Readonly<Record<string, unknown>> | undefined;
  const keep = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    log = `${log}${text}`.slice(-keptLogCharacters);
    options.onOutput?.(text);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('message', (message: unknown) => {
    if (isReadyMessage(message)) readyMessage = message;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      log += `\n${error.message}`;
      alive.delete(child);
      resolve(null);
    });
    child.once('exit', (code) => {
      alive.delete(child);
      resolve(code);
    });
  });
  const hasEnded = (): boolean => !alive.has(child);

  async function poll<T>(probe: () => Promise<T | undefined>, timeoutMs: number): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const value = await probe();
      if (value !== undefined) return value;
      if (hasEnded())
        throw new Error(`${name} ended (${child.exitCode ?? child.signalCode}) before it was ready:\n${log}`);
      if (performance.now() > deadline)
        throw new Error(`${name} was not ready after ${timeoutMs} ms:\n${log}`);
      await delay(20);
    }
  }

  return {
    name,
    pid: child.pid ?? -1,
    log: () => log,
    ended,
    ready: (timeoutMs) => poll(async () => readyMessage, timeoutMs),
    async readyWhen(probe, timeoutMs) {
      await poll(async () => ((await probe()) ? true : undefined), timeoutMs);
    },
    async kill() {
      if (!hasEnded()) child.kill('SIGKILL');
      await ended;
    },
    async stop(graceMs = 10_000) {
      if (hasEnded()) return { code: await ended, killed: false };
      child.kill('SIGTERM');
      const abort = new AbortController();
      const first = await Promise.race([
        ended.then((code) => ({ code, killed: false })),
        delay(graceMs, { code: null, killed: true }, { signal: abort.signal }),
      ]);
      if (first.killed) {
        child.kill('SIGKILL');
        await ended;
      }
      abort.abort();
      if (child.connected) child.disconnect();
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null && !stream.readableEnded && !stream.destroyed) await once(stream, 'close');
      }
      return first;
    },
  };
}

function isReadyMessage(message: unknown): message is Readonly<Record<string, unknown>> {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
