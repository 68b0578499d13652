/** Secrets that npm start makes once and keeps in the data directory, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Trouble } from './trouble.ts';

const livekitKeySchema = z.object({ apiKey: z.string().min(1), apiSecret: z.string().min(32) });
export type LivekitKey = Readonly<z.infer<typeof livekitKeySchema>>;

/** Key of the local LiveKit server, from `livekit-key.json`. */
export function keptLivekitKey(dataDirectory: string): LivekitKey {
  const file = join(dataDirectory, 'livekit-key.json');
  const text = readOrMake(file, () =>
    JSON.stringify({
      apiKey: `sophy${randomBytes(6).toString('hex')}`,
      apiSecret: randomBytes(32).toString('base64url'),
    }),
  );
  try {
    return livekitKeySchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Trouble(`${file} is damaged. Remove it: a new key is made at the next start.`, { cause });
  }
}

/** 32 bytes in base64 that encrypt keys at rest, from `secrets.key`. */
export function keptSecretsKey(dataDirectory: string): string {
  const file = join(dataDirectory, 'secrets.key');
  const key = readOrMake(file, () => randomBytes(32).toString('base64')).trim();
  if (Buffer.from(key, 'base64').length !== 32) {
    throw new Trouble(
      `${file} is damaged: it should hold 32 bytes in base64. Put the right file back from a backup, or remove it; provider keys stored with it then have to be entered again.`,
    );
  }
  return key;
}

function readOrMake(file: string, make: () => string): string {
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    return readFileSync(file, 'utf8');
  }
  const text = `${make()}\n`;
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, file);
  return text;
}
