/** Text limits shared by every edge: no NUL (Postgres refuses it), no other control characters, bounded length. */
import { z } from 'zod';

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Free text of at most `maxLength` characters without control characters (tab and line ends are allowed). */
export function boundedText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine((value) => !controlCharacters.test(value), 'must not contain control characters');
}

/** A one-line name of 1 to `maxLength` visible characters, trimmed. */
export function visibleName(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters');
}
