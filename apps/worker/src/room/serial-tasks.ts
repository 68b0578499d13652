/** Runs asynchronous tasks one after the other, in the order given; a failed one is reported and the next goes on. */
export class SerialTasks {
  readonly #onError: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  run(task: () => Promise<void>): void {
    this.#tail = this.#tail.then(task).catch(this.#onError);
  }

  /** Resolves when everything given so far is done. */
  idle(): Promise<void> {
    return this.#tail;
  }
}
