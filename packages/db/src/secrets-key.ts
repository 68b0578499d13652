/** The key that encrypts secrets at rest: configured, or made once and kept in the data directory. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type SecretsKeyOptions = {
  /** `SECRETS_KEY`: 32 bytes in base64. */
  readonly configured: string | undefined;
  /** Where `secrets.key` is kept when none is configured. */
  readonly dataDirectory: string;
};

/**
 * 32 bytes, read synchronously at the start of a process. Processes that start together get the same key.
 * Throws where the file is damaged or cannot be made.
 */
export function readSecretsKey(options: SecretsKeyOptions): Buffer {
  if (options.configured !== undefined) return Buffer.from(options.configured, 'base64');
  const file = join(options.dataDirectory, 'secrets.key');
  const found = readKeyFile(file);
  if (found !== undefined) return found;
  mkdirSync(options.dataDirectory, { recursive: true });
  // Written whole under another name, then linked: nobody ever reads half a key, and the first one wins.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  const made = readKeyFile(file);
  if (made === undefined) throw new Error(`${file} could not be made. Set SECRETS_KEY.`);
  return made;
}

function readKeyFile(file: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) {
    throw new Error(
      `${file} does not hold 32 bytes in base64. Restore it, or delete it and enter keys again.`,
    );
  }
  return key;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
