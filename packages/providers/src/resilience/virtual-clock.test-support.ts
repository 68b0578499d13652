/** Time that a test moves: everything that is due happens in order, everything in between as far as it goes by itself. */
import type { EngineClock } from './engine-clock.ts';

type Sleeper = { readonly atMs: number; readonly order: number; readonly wake: () => void };

export class VirtualClock implements EngineClock {
  #nowMs = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];
  readonly #random: () => number;

  constructor(random: () => number = () => 0.5) {
    this.#random = random;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  unixMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return this.#random();
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(waitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      };
      const sleeper: Sleeper = {
        atMs: this.#nowMs + Math.max(0, waitMs),
        order: this.#order++,
        wake: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Moves to `untilMs`, waking who is due on the way. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await settled();
      const due = this.#sleepers
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (due === undefined) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== due);
      this.#nowMs = due.atMs;
      due.wake();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Moves on until the work is done; throws when that takes longer than `limitMs`. */
  async finish<T>(work: Promise<T>, limitMs: number): Promise<T> {
    let isDone = false;
    const watched = work.finally(() => {
      isDone = true;
    });
    watched.catch(() => undefined);
    const untilMs = this.#nowMs + limitMs;
    for (await settled(); !isDone; await settled()) {
      const next = Math.min(...this.#sleepers.map(({ atMs }) => atMs));
      if (next > untilMs) throw new Error(`not done ${limitMs} ms later`);
      await this.run(next);
    }
    return watched;
  }
}

/** Everything that goes on without time has gone on: promises first, then what they started. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
