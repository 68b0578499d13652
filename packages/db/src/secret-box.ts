/**
 * Secrets at rest: AES-256-GCM, a random 12 byte IV for each, bound to the place where they are stored.
 * Stored as `v1.<key id>.<iv>.<ciphertext>.<tag>` in base64url.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A stored secret that this key cannot open: another key, or tampered text. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

/** Short public name of a key, to tell keys apart during a rotation. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('sophy-key-id').update(key).digest('base64url').slice(0, 8);
}

/**
 * Encrypts `plain` for one place.
 * @param key 32 bytes.
 * @param place `table:row`; the text opens nowhere else, so that rows cannot be swapped.
 */
export function sealSecret(key: Buffer, place: string, plain: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return ['v1', keyId(key), ...parts].join('.');
}

/** Opens what `sealSecret` made for the same place. Throws `SecretBoxError`. */
export function openSecret(key: Buffer, place: string, sealed: string): string {
  const [version, kid, iv, ciphertext, tag] = sealed.split('.');
  if (version !== 'v1' || iv === undefined || ciphertext === undefined || tag === undefined) {
    throw new SecretBoxError(`The secret ${place} is not in a known format.`);
  }
  if (kid !== keyId(key)) {
    throw new SecretBoxError(`The secret ${place} was encrypted with another SECRETS_KEY; enter it again.`);
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return decipher.update(Buffer.from(ciphertext, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new SecretBoxError(`The secret ${place} was altered; enter it again.`, { cause });
  }
}
