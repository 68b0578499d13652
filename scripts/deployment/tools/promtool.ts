/** promtool, which checks and tests the alerts: out of Debian's package `prometheus`, unpacked and not installed, so that no service starts. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Progress } from '../../start/progress.ts';
import { runProgram } from '../../start/run-program.ts';
import { Trouble } from '../../start/trouble.ts';
import type { ToolSearch } from './kubectl.ts';
import { firstExecutable, onPath } from './program-on-machine.ts';

/** Path of the program where it already is. */
export function locatePromtool({ named, path, toolsDirectory }: ToolSearch): string | undefined {
  if (named !== undefined && named !== '') return named;
  return firstExecutable([...onPath('promtool', path), cachedPromtool(toolsDirectory)]);
}

/** @throws Trouble when it is not here and cannot be fetched. */
export async function needPromtool(search: ToolSearch, progress: Progress): Promise<string> {
  const present = locatePromtool(search);
  if (present !== undefined) return present;
  if (firstExecutable(['/usr/bin/apt-get']) === undefined) {
    throw new Trouble(
      'The tests need promtool, which is not on this machine. Install Prometheus (on macOS: brew install prometheus), or set PROMTOOL_BIN to the program.',
    );
  }
  const target = cachedPromtool(search.toolsDirectory);
  await progress.step("Getting promtool (Debian's package prometheus, 19 MB)", () => fetchFromDebian(target));
  return target;
}

function cachedPromtool(toolsDirectory: string): string {
  return join(toolsDirectory, 'promtool', 'promtool');
}

async function fetchFromDebian(target: string): Promise<void> {
  const unfinished = `${dirname(target)}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const download = () => runProgram('apt-get', ['download', '-q', 'prometheus'], { cwd: unfinished });
    let { code, output } = await download();
    if (code !== 0) {
      // A fresh machine has no list of packages, an old one a list of packages that are gone.
      const update = await runProgram('apt-get', ['update', '-q']);
      ({ code, output } = await download());
      output = `${update.output}\n${output}`;
    }
    const archive = readdirSync(unfinished).find((name) => name.endsWith('.deb'));
    if (code !== 0 || archive === undefined) throw notFetched(output);
    const unpacked = await runProgram('dpkg-deb', [
      '-x',
      join(unfinished, archive),
      join(unfinished, 'files'),
    ]);
    if (unpacked.code !== 0) throw notFetched(unpacked.output);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(unfinished, 'files/usr/bin/promtool'), target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function notFetched(cause: string): Trouble {
  return new Trouble(
    `promtool could not be fetched with apt-get. Run "sudo apt-get update" and try again, or set PROMTOOL_BIN to the program:\n${cause.trim().split('\n').slice(-5).join('\n')}`,
  );
}
