/** Where the livekit-server program comes from: the ways in their order, and what to do when none leads there. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ReportDetail } from './progress.ts';
import { Trouble } from './trouble.ts';

export const livekitVersion = '1.13.5';

/** A way that did not lead there, and why; `undefined` cause means that it was not tried. */
export type FailedWay = { readonly way: string; readonly cause: string };

/** One way to make the program: it writes `target` or throws with the cause. */
export type LivekitWay = {
  readonly name: string;
  make(target: string, report: ReportDetail): Promise<void>;
};

export type FindLivekitOptions = {
  /** LIVEKIT_SERVER_BIN: when given, it is the only way. */
  readonly program: string | undefined;
  readonly path: string;
  readonly toolsDirectory: string;
  /** Tried in this order when the program is nowhere on this machine. */
  readonly ways: readonly LivekitWay[];
  /** Says what takes long. */
  step<T>(label: string, work: (report: ReportDetail) => Promise<T>): Promise<T>;
};

/**
 * Path of the livekit-server program.
 * @throws Trouble that lists every way, why it failed, and what the person can do.
 */
export async function findLivekitServer(options: FindLivekitOptions): Promise<string> {
  if (options.program !== undefined) {
    if (isExecutable(options.program)) return options.program;
    throw new Trouble(
      `LIVEKIT_SERVER_BIN is ${options.program}, which is not a program that can be run. Correct it, or unset it so that npm start looks for livekit-server itself.`,
    );
  }
  const present = locateLivekitServer(options.path, options.toolsDirectory);
  if (present !== undefined) return present;
  const cached = cachedLivekitServer(options.toolsDirectory);
  const failed: FailedWay[] = [];
  for (const way of options.ways) {
    try {
      await options.step(`Getting livekit-server ${livekitVersion} (${way.name})`, (report) =>
        way.make(cached, report),
      );
      return cached;
    } catch (error) {
      failed.push({ way: way.name, cause: error instanceof Error ? error.message : String(error) });
    }
  }
  throw new Trouble(nowhere(failed));
}

/** The program where it already is: on PATH, else in our own cache. */
export function locateLivekitServer(path: string, toolsDirectory: string): string | undefined {
  const onPath = path
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, 'livekit-server'));
  return [...onPath, cachedLivekitServer(toolsDirectory)].find(isExecutable);
}

function cachedLivekitServer(toolsDirectory: string): string {
  return join(toolsDirectory, `livekit-server-${livekitVersion}`, 'livekit-server');
}

function nowhere(failed: readonly FailedWay[]): string {
  return [
    'livekit-server, which carries the sound, is not on this machine and could not be fetched:',
    ...failed.map(({ way, cause }) => `  ${way}: ${cause}`),
    'Any one of these helps, then run npm start again:',
    `  - put livekit-server ${livekitVersion} on PATH (https://github.com/livekit/livekit/releases; on macOS: brew install livekit)`,
    '  - set LIVEKIT_SERVER_BIN to the program',
    `  - install Go 1.26 or newer (https://go.dev/dl); npm start then builds livekit-server itself`,
    '  - set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET to use a LiveKit server elsewhere',
  ].join('\n');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
