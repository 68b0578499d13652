/** Which lines of a child's log the person at the terminal should see: warnings and errors, in one short line. Pure. */
import { z } from 'zod';

/** pino writes levels as numbers (40 is warn) unless told to write labels. */
const entrySchema = z.object({
  level: z.union([z.string(), z.number()]),
  msg: z.string().optional(),
  message: z.string().optional(),
  error: z.unknown().optional(),
  err: z.unknown().optional(),
});
const causeSchema = z.union([
  z.string(),
  z.object({ message: z.string() }).transform((error) => error.message),
]);

export type ShownLevel = 'warn' | 'error';

/** Text for the terminal, e.g. `[api] warn: database lost: connection refused`; undefined when the line stays in the file. */
export function terminalLine(name: string, line: string, least: ShownLevel): string | undefined {
  const entry = parseEntry(line);
  if (entry === undefined) return undefined;
  const level = levelName(entry.level);
  if (level === undefined || (level === 'warn' && least === 'error')) return undefined;
  const cause = causeSchema.safeParse(entry.error ?? entry.err);
  const words = [entry.msg ?? entry.message, cause.success ? cause.data : undefined]
    .filter(Boolean)
    .join(': ');
  return words === '' ? undefined : `[${name}] ${level}: ${words}`;
}

function levelName(level: string | number): ShownLevel | undefined {
  if (typeof level === 'number') return level >= 50 ? 'error' : level >= 40 ? 'warn' : undefined;
  if (['error', 'fatal'].includes(level.toLowerCase())) return 'error';
  return ['warn', 'warning'].includes(level.toLowerCase()) ? 'warn' : undefined;
}

function parseEntry(line: string): z.infer<typeof entrySchema> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    // Not a log entry.
    return undefined;
  }
}
