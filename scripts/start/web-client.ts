/** Builds the web client when it was never built, or its sources changed since. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { Trouble } from './trouble.ts';

/** What ends up in the bundle, from the repository root. */
const sources = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/index.html',
  'apps/web/package.json',
  'apps/web/vite.config.ts',
  'packages/contracts/src',
  'pnpm-lock.yaml',
];

/** Whether `dist` is there and made of the sources as they are now. */
export function isWebClientBuilt(root: string): boolean {
  const stamp = stampFile(root);
  return (
    existsSync(join(root, 'apps/web/dist/index.html')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hashOfSources(root)
  );
}

/** @throws Trouble with the end of what the build says. */
export async function buildWebClient(root: string): Promise<void> {
  const directory = join(root, 'apps/web');
  const hash = hashOfSources(root);
  const { code, output } = await runProgram(
    process.execPath,
    [join(directory, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: directory, environment: { ...process.env, NODE_ENV: 'production' } },
  );
  if (code !== 0) {
    throw new Trouble(`The web client could not be built:\n${output.split('\n').slice(-15).join('\n')}`);
  }
  writeFileSync(stampFile(root), hash);
}

/** Beside the installed packages: the build empties `dist`, and what lies in `dist` is served to everybody. */
function stampFile(root: string): string {
  return join(root, 'apps/web/node_modules/.sophy-build');
}

function hashOfSources(root: string): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesUnder(root, source))) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(root: string, source: string): readonly string[] {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [source];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .sort();
}
