/** A failure that the person at the terminal can act on: printed as its sentence alone, without a stack. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
