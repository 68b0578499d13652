/** Word lists as they are easiest to read and to extend: lines of words with spaces between. */

/** The words of all lines. */
export function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
