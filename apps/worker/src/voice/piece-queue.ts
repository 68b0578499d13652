/** Pieces of text on their way from the model to the voice: one writer, one reader, in order. */
export class PieceQueue implements AsyncIterable<string> {
  readonly #pieces: string[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  push(piece: string): void {
    this.#pieces.push(piece);
    this.#wake?.();
  }

  /** No more pieces will come. */
  close(): void {
    this.#isClosed = true;
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
