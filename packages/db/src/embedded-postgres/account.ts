/** Which system account runs Postgres: the caller's own, or `postgres` when the caller is root, whom Postgres refuses. */
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const run = promisify(execFile);
const accountName = 'postgres';

/** Given to `spawn` and `chown`; undefined means "as ourselves". */
export type PostgresAccount = { readonly uid: number; readonly gid: number } | undefined;

/**
 * Finds the account, and as root makes the system account `postgres` (no home, no login) where there is none.
 * @throws EmbeddedPostgresError `account-missing` when it is neither there nor can be made.
 */
export async function findPostgresAccount(): Promise<PostgresAccount> {
  if (userInfo().uid !== 0) return undefined;
  const existing = await readAccount();
  if (existing !== undefined) return existing;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      accountName,
    ]);
  } catch (cause) {
    // Two starts at once: the other one may have made it in the meantime.
    const made = await readAccount();
    if (made !== undefined) return made;
    throw new EmbeddedPostgresError(
      'account-missing',
      `Postgres does not run as root, and the account "${accountName}" could not be made. Start as an ordinary user, add the account, or set DATABASE_URL.`,
      { cause },
    );
  }
  return readAccount();
}

async function readAccount(): Promise<PostgresAccount> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', accountName]), run('id', ['-g', accountName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` exits 1 for an unknown name.
    return undefined;
  }
}

/** Whether the account can reach `path` through every folder above it; asked of the system, so access lists count too. */
export async function accountReaches(account: PostgresAccount, path: string): Promise<boolean> {
  if (account === undefined) return true;
  try {
    await run('test', ['-x', path], { ...account, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
