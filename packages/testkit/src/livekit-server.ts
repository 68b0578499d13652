/** A real livekit-server on loopback, on free ports, for one test file or one bench run. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { freeTcpPort, freeUdpPort } from './free-port.ts';
import { dataDirectory } from './repository-root.ts';
import { testEnvironment } from './test-environment.ts';

export type TestLivekitServer = {
  /** WebSocket address. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly pid: number;
  /** The end of what the server has logged since it was last started. */
  log(): string;
  /** Ends it as a crash would: every room is gone. */
  kill(): Promise<void>;
  /** After `kill`: starts it anew, empty, on the same ports with the same key. Resolves when it answers. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts livekit-server and resolves when it answers. Media goes over loopback only: no STUN, no outside address.
 * Throws when there is no program, or with the server's log when it does not start.
 */
export async function startLivekitServer(
  options: {
    webhookUrl?: string;
    webhookUrls?: readonly string[];
    /** `host:port` of a Redis: the server then works as one node of several. */
    redisAddress?: string;
  } = {},
): Promise<TestLivekitServer> {
  const program = findLivekitServer();
  const [port, tcpPort, udpPort] = await Promise.all([freeTcpPort(), freeTcpPort(), freeUdpPort()]);
  const apiKey = 'testkey';
  const apiSecret = randomBytes(24).toString('hex');
  const webhookUrls = [
    ...(options.webhookUrls ?? []),
    ...(options.webhookUrl === undefined ? [] : [options.webhookUrl]),
  ];
  // YAML is a superset of JSON.
  const configuration = JSON.stringify({
    port,
    bind_addresses: ['127.0.0.1'],
    log_level: 'info',
    keys: { [apiKey]: apiSecret },
    rtc: {
      udp_port: udpPort,
      tcp_port: tcpPort,
      node_ip: '127.0.0.1',
      enable_loopback_candidate: true,
      use_external_ip: false,
      stun_servers: ['127.0.0.1:3478'],
    },
    ...(options.redisAddress === undefined ? {} : { redis: { address: options.redisAddress } }),
    ...(webhookUrls.length === 0 ? {} : { webhook: { api_key: apiKey, urls: webhookUrls } }),
  });
  const start = async (): Promise<ChildProgram> => {
    const child = startChildProgram({
      name: 'livekit-server',
      command: program,
      arguments: [],
      env: { ...testEnvironment.childBase, LIVEKIT_CONFIG: configuration },
    });
    try {
      await child.readyWhen(() => answers(`http://127.0.0.1:${port}/`), 15_000);
    } catch (error) {
      await child.kill();
      throw error;
    }
    return child;
  };
  let child = await start();
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey,
    apiSecret,
    get pid() {
      return child.pid;
    },
    log: () => child.log(),
    kill: () => child.kill(),
    async startAgain() {
      child = await start();
    },
    async stop() {
      // The server waits for rooms to empty on the first signal; a test does not.
      await child.stop(1_500);
    },
  };
}

/** The livekit-server program: LIVEKIT_SERVER_BIN, then PATH, then what `npm start` has fetched. Throws when none is there. */
export function findLivekitServer(): string {
  const named = testEnvironment.livekitServerBin;
  if (named !== undefined && named !== '') return named;
  const folders = [...testEnvironment.path.split(delimiter), join(dataDirectory, 'tools')];
  const found = folders.map((folder) => join(folder, 'livekit-server')).find(isExecutable);
  if (found === undefined) {
    throw new Error(
      'livekit-server was not found: set LIVEKIT_SERVER_BIN, put it on PATH, or run `npm start` once, which fetches it',
    );
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return response.ok;
  } catch {
    return false;
  }
}
