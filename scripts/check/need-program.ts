/** A program that the tests run and the machine must have: the one that is here, else Debian's package when we may install it. */
import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Progress } from '../start/progress.ts';
import { runProgram } from '../start/run-program.ts';
import { Trouble } from '../start/trouble.ts';

export type NeededProgram = {
  /** As people call it. */
  readonly label: string;
  /** Environment variable that names the program. */
  readonly variable: string;
  /** Under these names it is looked for on PATH. */
  readonly names: readonly string[];
  /** Whole paths where it may be besides. */
  readonly places: readonly string[];
  readonly debianPackage: string;
};

/** Drawn with, and listened to, by the tests of the pages. */
export const chromium: NeededProgram = {
  label: 'Chromium',
  variable: 'CHROMIUM_BIN',
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  places: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  debianPackage: 'chromium',
};

/** Dies in a test, so that a call is seen to outlive it. */
export const redisServer: NeededProgram = {
  label: 'Redis',
  variable: 'REDIS_SERVER_BIN',
  names: ['redis-server', 'valkey-server'],
  places: [],
  debianPackage: 'redis-server',
};

/** Path of the program; `named` wins. Undefined when there is none. */
export function findProgram(
  { names, places }: NeededProgram,
  named: string | undefined,
  path: string,
): string | undefined {
  if (named !== undefined && named !== '') return named;
  const onPath = path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((directory) => names.map((name) => join(directory, name)));
  return [...onPath, ...places].find(isExecutable);
}

/** @throws Trouble when there is none and it cannot be installed. */
export async function needProgram(
  program: NeededProgram,
  named: string | undefined,
  path: string,
  progress: Progress,
): Promise<string> {
  const { label, variable, debianPackage } = program;
  const found = findProgram(program, named, path);
  if (found !== undefined) return found;
  const isDebianRoot = userInfo().uid === 0 && isExecutable('/usr/bin/apt-get');
  if (!isDebianRoot) {
    throw new Trouble(
      `The tests need ${label}, which is not on this machine. Install it (on Debian "sudo apt-get install -y ${debianPackage}"), or set ${variable} to the program.`,
    );
  }
  await progress.step(`Installing ${label} for the tests`, async () => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('apt-get', ['update', '-q'], { environment });
    const install = ['install', '-y', '-q', '--no-install-recommends', debianPackage];
    const { code, output } = await runProgram('apt-get', install, { environment });
    if (code !== 0) {
      const end = output.split('\n').slice(-5).join('\n');
      throw new Trouble(
        `${label} could not be installed with apt-get. Set ${variable} to a program:\n${end}`,
      );
    }
  });
  const installed = findProgram(program, named, path);
  if (installed === undefined)
    throw new Trouble(`${label} was installed but is not on PATH. Set ${variable}.`);
  return installed;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
