/** A wall clock of chosen processes that jumps when told, by libfaketime; monotonic time goes on as it is. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

const libraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
];

export type FakeClock = {
  /** For the processes whose clock it is; their children have it too. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on (noticed within a second) they read the true time plus this. */
  setOffset(seconds: number): Promise<void>;
};

/** Undefined where libfaketime is not installed (Debian: `apt install faketime`). */
export async function createFakeClock(file: string): Promise<FakeClock | undefined> {
  const library = libraries.find((path) => existsSync(path));
  if (library === undefined) return undefined;
  const setOffset = (seconds: number): Promise<void> =>
    writeFile(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  await setOffset(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    setOffset,
  };
}
