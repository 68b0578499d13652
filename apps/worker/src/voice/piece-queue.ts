/** Pieces of text on their way from the model to the voice: one writer, one reader, in order. */
export class PieceQueue implements AsyncIterable<string> {
  readonly #onChange: () => void;
  readonly #pieces: string[] = [];
  #text = '';
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** All pieces so far, also those that were read, joined by single blanks. */
  get text(): string {
    return this.#text;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(piece: string): void {
    this.#pieces.push(piece);
    this.#text = this.#text === '' ? piece : `${this.#text} ${piece}`;
    this.#onChange();
    this.#wake?.();
  }

  /** No more pieces will come. */
  close(): void {
    this.#isClosed = true;
    this.#onChange();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#isClosed) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
