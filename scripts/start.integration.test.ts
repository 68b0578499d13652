/** `npm start` as a person runs it: to the line to open, through Ctrl-C, and back after `kill -9`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { choosePort, portState } from './start/ports.ts';
import { processIdentity } from './start/process-identity.ts';

const root = resolve(import.meta.dirname, '..');
const readyTimeoutMs = 150_000;
/** Stages that are elsewhere need no engines here: those starts take seconds. Nobody listens on port 9. */
const enginesElsewhere = {
  STT_BASE_URL: 'http://127.0.0.1:9/v1',
  LLM_BASE_URL: 'http://127.0.0.1:9/v1',
  TTS_BASE_URL: 'http://127.0.0.1:9/v1',
};

let dataDirectory = '';
const started: Start[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'sophy start '));
  // As root the database runs under another account, which has to get in here.
  chmodSync(dataDirectory, 0o755);
  // The models are fetched once for the repository, not once a test.
  mkdirSync(join(root, '.sophy', 'models'), { recursive: true });
  symlinkSync(join(root, '.sophy', 'models'), join(dataDirectory, 'models'));
});

afterEach(async () => {
  for (const start of started.splice(0)) await start.end();
  rmSync(dataDirectory, { recursive: true, force: true });
});

type Start = {
  readonly child: ChildProcess;
  output(): string;
  /** The address of the ready line; throws with everything said when the start ends before. */
  opened(): Promise<string>;
  exitCode(): Promise<number | null>;
  end(): Promise<void>;
};

function npmStart(variables: Readonly<Record<string, string>>): Start {
  const child = spawn('npm', ['--silent', 'start'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LIVEKIT_SERVER_BIN: process.env['LIVEKIT_SERVER_BIN'],
      SOPHY_DATA_DIR: dataDirectory,
      OLLAMA_HOST: 'http://127.0.0.1:9',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const start: Start = {
    child,
    output: () => output,
    async opened() {
      const address = (): string | undefined => /is ready: open (\S+)/.exec(output)?.[1];
      await until(
        () => address() !== undefined || hasEnded(),
        readyTimeoutMs,
        () => output,
      );
      const found = address();
      if (found === undefined) throw new Error(`npm start ended before it was ready:\n${output}`);
      return found;
    },
    async exitCode() {
      await closed;
      return child.exitCode;
    },
    async end() {
      if (!hasEnded()) child.kill('SIGTERM');
      await closed;
    },
  };
  started.push(start);
  return start;
}

async function until(
  condition: () => boolean,
  timeoutMs: number,
  describeState: () => string,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadlineMs)
      throw new Error(`still waiting after ${timeoutMs} ms:\n${describeState()}`);
    await delay(50);
  }
}

const recordSchema = z.object({ pid: z.number() });

/** Numbers of all processes of the running product, by name. */
function runningParts(): ReadonlyMap<string, number> {
  const directory = join(dataDirectory, 'run');
  const parts = new Map<string, number>();
  for (const file of existsSync(directory) ? readdirSync(directory) : []) {
    const record = recordSchema.parse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
    parts.set(file.replace('.json', ''), record.pid);
  }
  const postmaster = join(dataDirectory, 'postgres/cluster/postmaster.pid');
  if (existsSync(postmaster)) parts.set('postgres', Number.parseInt(readFileSync(postmaster, 'utf8'), 10));
  return parts;
}

const alive = (pids: Iterable<number>): number[] =>
  [...pids].filter((pid) => processIdentity(pid) !== undefined);

async function health(address: string): Promise<unknown> {
  const response = await fetch(new URL('/api/health', address));
  return response.json();
}

const freePort = async (): Promise<number> => choosePort(0, { host: '127.0.0.1' });

describe('npm start', () => {
  test('brings everything up and names one address; SIGTERM leaves no process, port or lock', async () => {
    const port = await freePort();
    const start = npmStart({ WEB_PORT: String(port) });
    const address = await start.opened();
    expect(address).toBe(`http://127.0.0.1:${port}`);
    expect(await health(address)).toMatchObject({ status: 'ok', service: 'voice-agent' });
    expect((await fetch(address)).headers.get('content-type')).toContain('text/html');
    const parts = runningParts();
    expect([...parts.keys()].sort()).toEqual(['api', 'engines', 'livekit-server', 'postgres', 'worker']);
    expect(alive(parts.values())).toHaveLength(5);

    start.child.kill('SIGTERM');
    expect(await start.exitCode()).toBe(0);
    expect(alive(parts.values())).toEqual([]);
    expect(await portState(port, '127.0.0.1')).toBe('free');
    expect(existsSync(join(dataDirectory, 'start.lock'))).toBe(false);
    expect(readdirSync(join(dataDirectory, 'run'))).toEqual([]);
    expect(start.output().match(/is ready: open/g)).toHaveLength(1);
  }, 240_000);

  test('comes back by itself after kill -9 of the start, of its parent and of a part', async () => {
    const variables = { ...enginesElsewhere, WEB_PORT: String(await freePort()) };
    const first = npmStart(variables);
    await first.opened();
    const parts = runningParts();
    expect([...parts.keys()].sort()).toEqual(['api', 'livekit-server', 'postgres', 'worker']);
    const lock = recordSchema.parse(JSON.parse(readFileSync(join(dataDirectory, 'start.lock'), 'utf8')));
    const worker = parts.get('worker') ?? 0;
    for (const pid of [first.child.pid ?? 0, lock.pid, worker]) process.kill(pid, 'SIGKILL');
    await first.exitCode();

    const second = npmStart(variables);
    expect(await health(await second.opened())).toMatchObject({ status: 'ok' });
    expect(alive(parts.values())).toEqual([]);
  }, 240_000);

  test('starts a part that dies again, and says so', async () => {
    const start = npmStart({ ...enginesElsewhere, WEB_PORT: String(await freePort()) });
    const address = await start.opened();
    process.kill(runningParts().get('api') ?? 0, 'SIGKILL');
    await until(() => start.output().includes('api is back'), 60_000, start.output);
    expect(start.output()).toContain('api ended with SIGKILL; starting it again in 1 s');
    expect(await health(address)).toMatchObject({ status: 'ok' });
  }, 240_000);

  test('stops with its parent, also when that one is killed', async () => {
    const start = npmStart({ ...enginesElsewhere, WEB_PORT: String(await freePort()) });
    await start.opened();
    const parts = runningParts();
    start.child.kill('SIGKILL');
    await until(() => alive(parts.values()).length === 0, 60_000, start.output);
    await until(() => !existsSync(join(dataDirectory, 'start.lock')), 10_000, start.output);
  }, 240_000);

  test('a second one on the same data says which process to stop', async () => {
    const variables = { ...enginesElsewhere, WEB_PORT: String(await freePort()) };
    const first = npmStart(variables);
    await first.opened();
    const second = npmStart(variables);
    expect(await second.exitCode()).toBe(1);
    expect(second.output()).toContain(`Sophy already runs on ${dataDirectory}`);
  }, 240_000);

  test('a port in use is one sentence that names it and the variable', async () => {
    const server = createServer();
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const start = npmStart({ ...enginesElsewhere, WEB_PORT: String(port) });
    expect(await start.exitCode()).toBe(1);
    server.close();
    await once(server, 'close');
    expect(start.output().trim()).toMatch(
      new RegExp(`^Port ${port} is in use by another program\\..*WEB_PORT=\\d+ npm start$`),
    );
  }, 60_000);

  test('a wrong configuration names every problem and ends with 78', async () => {
    const start = npmStart({ WEB_PORT: 'eighty', LOG_LEVEL: 'loud' });
    expect(await start.exitCode()).toBe(78);
    expect(start.output()).toMatch(/WEB_PORT: /);
    expect(start.output()).toMatch(/LOG_LEVEL: /);
  }, 60_000);
});
