/** How far a voice has come in its text, from the times of the words. */

export class SpokenWords {
  readonly #text: string;
  readonly #words: { readonly endSeconds: number; readonly endCharacters: number }[] = [];
  #cursor = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes further words in their order; one that is not in the text as it is, such as a number read out, counts with the next. */
  add(words: readonly string[], endSeconds: readonly number[]): void {
    for (const [index, word] of words.entries()) {
      const seconds = endSeconds[index];
      const position = word === '' ? -1 : this.#text.indexOf(word, this.#cursor);
      if (seconds === undefined || position === -1) continue;
      this.#cursor = position + word.length;
      this.#words.push({ endSeconds: seconds, endCharacters: this.#cursor });
    }
  }

  /** Characters that are said `seconds` after the start; undefined while the words up to there are not known. */
  at(seconds: number): number | undefined {
    const next = this.#words.findIndex((word) => word.endSeconds > seconds);
    if (next !== -1) return this.#words[next - 1]?.endCharacters ?? 0;
    const last = this.#words.at(-1);
    const isWhole = last !== undefined && !/[\p{L}\p{N}]/u.test(this.#text.slice(last.endCharacters));
    return isWhole ? this.#text.length : undefined;
  }
}
