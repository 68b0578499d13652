/** One line of a spool: a journal entry or a message, with a checksum, so that a torn or damaged line is known. */
import { crc32 } from 'node:zlib';
import type { JournalEntry } from '@sophy/db/journal';
import type { SaidMessage } from '@sophy/db/record-messages';
import { z } from 'zod';

/** What an agent writes. */
export type SpoolRecord = { readonly entry: JournalEntry } | { readonly message: SaidMessage };

/** What is read back. The event may be of a newer version, so only its type is known. */
export type ReadRecord =
  | { readonly entry: Omit<JournalEntry, 'event'> & { readonly event: { readonly type: string } } }
  | { readonly message: SaidMessage };

const recordSchema = z.union([
  z.object({
    entry: z.object({
      seq: z.number().int(),
      atMs: z.number(),
      event: z.looseObject({ type: z.string() }),
    }),
  }),
  z.object({
    message: z.object({
      itemId: z.string(),
      role: z.enum(['user', 'assistant', 'system']),
      content: z.string(),
      speaker: z.string().nullable(),
      speakerIdentity: z.string().nullable(),
      interrupted: z.boolean(),
      createdAt: z.coerce.date(),
    }),
  }),
]);

/** The line with its line end. */
export function encodeSpoolLine(record: SpoolRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** Undefined for anything but a whole line as it was written. */
export function decodeSpoolLine(line: string): ReadRecord | undefined {
  const json = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(json)) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(json)).data;
  } catch {
    // A checksum of 32 bits lets one damaged line in four billion through.
    return undefined;
  }
}

/** Eight hexadecimal digits over the UTF-8 bytes. */
function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
