/** Looks at what the machine gives: Node, disk, network, ports, programs. */
import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@sophy/contracts/environment';
import { chromium, findProgram } from '../check/need-program.ts';
import { isDataLocked } from '../start/data-lock.ts';
import { livekitVersion, locateLivekitServer } from '../start/find-livekit-server.ts';
import { portState } from '../start/ports.ts';
import type { RawEnvironment } from '../start/read-environment.ts';
import type { Finding } from './finding.ts';

/** Dependencies, models with their conversion, tools. */
const neededBytes = 4_000_000_000;

export function examineNode(): Finding {
  return { part: 'Node', state: 'fine', message: `${process.versions.node} at ${process.execPath}` };
}

export function examineDataDirectory(dataDirectory: string): Finding {
  const part = 'data directory';
  try {
    mkdirSync(dataDirectory, { recursive: true });
    accessSync(dataDirectory, constants.W_OK);
  } catch {
    return {
      part,
      state: 'broken',
      message: `${dataDirectory} cannot be written by this user`,
      fix: 'Give it to this user (chown), or name another one in SOPHY_DATA_DIR.',
    };
  }
  const { bavail, bsize } = statfsSync(dataDirectory);
  const gigabytes = ((bavail * bsize) / 1e9).toFixed(1);
  return bavail * bsize < neededBytes
    ? {
        part,
        state: 'note',
        message: `${dataDirectory}: ${gigabytes} GB free`,
        fix: 'A first start needs about 4 GB.',
      }
    : { part, state: 'fine', message: `${dataDirectory}: ${gigabytes} GB free` };
}

export async function examineWebPort(environment: Environment, dataDirectory: string): Promise<Finding> {
  const { HOST: host, WEB_PORT: port } = environment;
  const part = 'port of the pages';
  const state = await portState(port, host);
  if (state === 'free') return { part, state: 'fine', message: `${host}:${port} is free` };
  if (state === 'refused') {
    return {
      part,
      state: 'broken',
      message: `this machine cannot listen on ${host}:${port}`,
      fix: 'HOST must be an address of this machine, and ports below 1024 need root.',
    };
  }
  if (isDataLocked(dataDirectory)) {
    return { part, state: 'fine', message: `${host}:${port}: Sophy is running` };
  }
  return {
    part,
    state: 'broken',
    message: `${host}:${port} is used by another program`,
    fix: `Stop that program, or choose another port: WEB_PORT=${port + 10} npm start`,
  };
}

export function examineLivekit(
  environment: Environment,
  raw: RawEnvironment,
  dataDirectory: string,
): Finding {
  const part = 'livekit-server';
  if (environment.LIVEKIT_URL !== undefined) {
    return { part, state: 'fine', message: `not needed: LIVEKIT_URL is ${environment.LIVEKIT_URL}` };
  }
  const named = environment.LIVEKIT_SERVER_BIN;
  if (named !== undefined) {
    return existsSync(named)
      ? { part, state: 'fine', message: `${named} (LIVEKIT_SERVER_BIN)` }
      : {
          part,
          state: 'broken',
          message: `LIVEKIT_SERVER_BIN: ${named} is not there`,
          fix: 'Correct it or unset it.',
        };
  }
  const found = locateLivekitServer(raw['PATH'] ?? '', join(dataDirectory, 'tools'));
  return found === undefined
    ? {
        part,
        state: 'note',
        message: 'not on this machine yet',
        fix: `npm start fetches version ${livekitVersion} or builds it with Go; or put it on PATH.`,
      }
    : { part, state: 'fine', message: found };
}

export function examineBrowser(raw: RawEnvironment): Finding {
  const found = findProgram(chromium, raw['CHROMIUM_BIN'], raw['PATH'] ?? '');
  return found === undefined
    ? {
        part: 'browser',
        state: 'note',
        message: 'no Chromium here',
        fix: 'Only "npm test" needs one: apt-get install chromium, or set CHROMIUM_BIN.',
      }
    : { part: 'browser', state: 'fine', message: `${found} (for npm test)` };
}
