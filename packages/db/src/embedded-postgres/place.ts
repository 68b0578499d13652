/**
 * Where the Postgres programs and the cluster lie.
 *
 * Usually the programs run from node_modules and the cluster lies in the given data directory. Root runs Postgres
 * under another account, which may not be allowed to walk into the clone (`/root` has mode 700). Then programs and
 * cluster lie in `/var/lib/sophy-postgres-<hash of the data directory>`, and the file `location` in the data
 * directory says so. Removing the data directory still means starting afresh: what lies in /var/lib without that file
 * is set aside under another name, never reused and never deleted.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { accountReaches, type PostgresAccount } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { stopOrphan } from './postmaster.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export type PostgresPlace = {
  /** Folder with `bin/postgres` and `bin/initdb`. */
  readonly programs: string;
  /** Folder that holds `cluster/`, `password` and `owner`; mode 0700. */
  readonly home: string;
};

export async function preparePlace(dataDirectory: string, account: PostgresAccount): Promise<PostgresPlace> {
  const wanted = path.resolve(dataDirectory);
  const programs = await findPrograms();
  await mkdir(wanted, { recursive: true, mode: 0o700 });

  const isReachable =
    (await accountReaches(account, programs.folder)) && (await accountReaches(account, path.dirname(wanted)));
  if (isReachable) {
    await own(wanted, account);
    return { programs: programs.folder, home: wanted };
  }

  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const location = `/var/lib/sophy-postgres-${hash}`;
  const home = path.join(location, 'data');
  const pointer = path.join(wanted, 'location');
  if ((await exists(location)) && !(await exists(pointer))) {
    await stopOrphan(home);
    await rename(location, `${location}-set-aside-${Date.now()}`);
  }
  await writeFile(pointer, `${location}\n`);
  await mkdir(home, { recursive: true });
  // Whatever the umask: the account walks through the first, the second is its own alone.
  await chmod(location, 0o755);
  await chmod(home, 0o700);
  await own(home, account);
  return { programs: await copyPrograms(programs, location, account), home };
}

/** Hands the folder to the account, which must be able to make the cluster in it. */
async function own(folder: string, account: PostgresAccount): Promise<void> {
  if (account !== undefined) await chown(folder, account.uid, account.gid);
}

async function copyPrograms(programs: Programs, location: string, account: PostgresAccount): Promise<string> {
  const target = path.join(location, `programs-${programs.version}`);
  if (await exists(target)) return target;
  const partial = `${target}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await cp(programs.folder, partial, { recursive: true, verbatimSymlinks: true });
  // The copy keeps the modes of the clone, where only root may be able to read.
  if (account !== undefined) await run('chown', ['-R', `${account.uid}:${account.gid}`, partial]);
  await rename(partial, target);
  return target;
}

type Programs = { readonly folder: string; readonly version: string };

/**
 * The programs come in a package for each system, which `embedded-postgres` depends on. Its own module is not
 * imported: on import it hooks every exit and signal of the process (async-exit-hook) and would end it in its own order.
 */
async function findPrograms(): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const wrapper = require.resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const root = path.resolve(path.dirname(entry), '..');
    const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
    return { folder: path.join(root, 'native'), version: version ? String(manifest.version) : 'unknown' };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'program-missing',
      `No Postgres program for this system (${name}). Install dependencies again without --no-optional, or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
