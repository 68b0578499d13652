/** The browser of the tests: the one that is here, else Debian's package when we may install it. */
import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Progress } from '../start/progress.ts';
import { runProgram } from '../start/run-program.ts';
import { Trouble } from '../start/trouble.ts';

const programNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const usualPlaces = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Path of the browser; `named` (CHROMIUM_BIN) wins. Undefined when there is none. */
export function findChromium(named: string | undefined, path: string): string | undefined {
  if (named !== undefined && named !== '') return named;
  const onPath = path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((directory) => programNames.map((name) => join(directory, name)));
  return [...onPath, ...usualPlaces].find(isExecutable);
}

/** @throws Trouble when there is none and it cannot be installed. */
export async function needChromium(
  named: string | undefined,
  path: string,
  progress: Progress,
): Promise<string> {
  const found = findChromium(named, path);
  if (found !== undefined) return found;
  const isDebianRoot = userInfo().uid === 0 && isExecutable('/usr/bin/apt-get');
  if (!isDebianRoot) {
    throw new Trouble(
      'The tests need Chromium, which is not on this machine. Install it ("sudo apt-get install -y chromium", or Google Chrome), or set CHROMIUM_BIN to the program.',
    );
  }
  await progress.step('Installing Chromium for the tests', async () => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('apt-get', ['update', '-q'], { environment });
    const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium'];
    const { code, output } = await runProgram('apt-get', install, { environment });
    if (code !== 0) {
      const end = output.split('\n').slice(-5).join('\n');
      throw new Trouble(
        `Chromium could not be installed with apt-get. Set CHROMIUM_BIN to a browser:\n${end}`,
      );
    }
  });
  const installed = findChromium(named, path);
  if (installed === undefined)
    throw new Trouble('Chromium was installed but is not on PATH. Set CHROMIUM_BIN.');
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
