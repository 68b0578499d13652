/** How much of a text has been said when so much of its sound was given. */

export class SpokenMarks {
  readonly #marks: { readonly endMs: number; readonly characters: number }[] = [];
  #given = 0;

  /** Tells that the first `characters` of the text have been said `endMs` after the beginning of the sound. */
  add(endMs: number, characters: number): void {
    this.#marks.push({ endMs, characters });
  }

  /** Characters that have been said by `soundMs`, never fewer than before; undefined while nothing is known. */
  saidBy(soundMs: number): number | undefined {
    if (this.#marks.length === 0) return undefined;
    for (const { endMs, characters } of this.#marks)
      if (endMs <= soundMs) this.#given = Math.max(this.#given, characters);
    return this.#given;
  }
}
