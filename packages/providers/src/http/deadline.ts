/** One running deadline of one request: first for the answer, then again after each piece of it. */
import { DeadlineError } from './engine-failure.ts';

export class Deadline {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborts, with a `DeadlineError`, when the deadline passes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Replaces the running deadline: `what` must happen within `limitMs`. */
  expect(what: string, limitMs: number): void {
    this.clear();
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DeadlineError(`no ${what} within ${limitMs} ms`));
    }, limitMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
