/** Key of the local LiveKit server: made once and kept in the data directory, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Trouble } from './trouble.ts';

const livekitKeySchema = z.object({ apiKey: z.string().min(1), apiSecret: z.string().min(32) });
export type LivekitKey = Readonly<z.infer<typeof livekitKeySchema>>;

/** Call it with the lock of the data directory held. @throws Trouble when the file is damaged. */
export function keptLivekitKey(dataDirectory: string): LivekitKey {
  const file = join(dataDirectory, 'livekit-key.json');
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    return readKey(file);
  }
  const key: LivekitKey = {
    apiKey: `sophy${randomBytes(6).toString('hex')}`,
    apiSecret: randomBytes(32).toString('base64url'),
  };
  // Renamed into place, so that a killed start leaves no half key behind.
  writeFileSync(`${file}.unfinished`, `${JSON.stringify(key)}\n`, { mode: 0o600 });
  renameSync(`${file}.unfinished`, file);
  return key;
}

function readKey(file: string): LivekitKey {
  try {
    return livekitKeySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Trouble(`${file} is damaged. Remove it: a new key is made at the next start.`, { cause });
  }
}
