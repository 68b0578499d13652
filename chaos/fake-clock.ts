/** A wall clock of chosen Node processes that jumps when told; monotonic time goes on as it is. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type FakeClock = {
  /** For the processes whose clock it is; their children have it too. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on (noticed within half a second) they read the true time plus this. */
  setOffset(seconds: number): Promise<void>;
};

export async function createFakeClock(file: string): Promise<FakeClock> {
  const setOffset = (seconds: number): Promise<void> => writeFile(file, String(seconds));
  await setOffset(0);
  const preload = join(import.meta.dirname, 'skewed-clock.ts');
  return {
    env: {
      SOPHY_CHAOS_CLOCK: file,
      NODE_OPTIONS: `--import=${preload} --disable-warning=ExperimentalWarning`,
    },
    setOffset,
  };
}
