/** The built browser client that the API serves, built anew when its sources are newer. */
import { execFile } from 'node:child_process';
import { glob, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './repository-root.ts';
import { testEnvironment } from './test-environment.ts';

const run = promisify(execFile);
const webDirectory = join(repositoryRoot, 'apps/web');

/** Resolves when `apps/web/dist` is the client of the sources as they are. Throws with the build's output otherwise. */
export async function buildWebClient(): Promise<void> {
  const builtMs = await changedMs(join(webDirectory, 'dist/index.html'));
  let sourceMs = 0;
  for await (const file of glob(['src/**/*.*', 'public/**/*.*', 'index.html', 'vite.config.ts'], {
    cwd: webDirectory,
  })) {
    sourceMs = Math.max(sourceMs, await changedMs(join(webDirectory, file)));
  }
  if (builtMs > sourceMs) return;
  await run(process.execPath, [join(webDirectory, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: webDirectory,
    env: testEnvironment.childBase,
  });
}

/** Time of the last change; 0 when there is no such file. */
async function changedMs(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
