/** The timers that the policy orders, by name. None outlives its room. */
export class Timers {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #now: () => number;
  readonly #onFired: (timerId: string) => void;

  constructor(options: { now: () => number; onFired: (timerId: string) => void }) {
    this.#now = options.now;
    this.#onFired = options.onFired;
  }

  /** Fires at `atMs` on the room clock; replaces a timer of the same name. */
  set(timerId: string, atMs: number): void {
    this.clear(timerId);
    const timer = setTimeout(
      () => {
        this.#timers.delete(timerId);
        this.#onFired(timerId);
      },
      Math.max(0, atMs - this.#now()),
    );
    this.#timers.set(timerId, timer);
  }

  clear(timerId: string): void {
    clearTimeout(this.#timers.get(timerId));
    this.#timers.delete(timerId);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
