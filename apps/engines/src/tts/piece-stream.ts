/** Hands pieces from callbacks to one asynchronous reader, in order. */

export class PieceStream<Piece> implements AsyncIterable<Piece> {
  private readonly pieces: Piece[] = [];
  private outcome: { readonly error: unknown } | 'open' | 'ended' = 'open';
  private wake: () => void = () => undefined;

  push(piece: Piece): void {
    this.pieces.push(piece);
    this.wake();
  }

  end(): void {
    if (this.outcome === 'open') this.outcome = 'ended';
    this.wake();
  }

  /** The reader gets the pieces so far, then the error. */
  fail(error: unknown): void {
    if (this.outcome === 'open') this.outcome = { error };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    for (;;) {
      const piece = this.pieces.shift();
      if (piece !== undefined) {
        yield piece;
        continue;
      }
      if (this.outcome === 'ended') return;
      if (this.outcome !== 'open') throw this.outcome.error;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
