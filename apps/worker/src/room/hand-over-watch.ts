/** Finds the moment at which an agent gives its call to the successor that waits: in a pause, or when it is due. */
import type { HandOver } from '@sophy/db/agent-lease';

/** A pause has lasted for so long: the answer that people are about to give has begun by then, ms. */
const pauseMs = 400;
const lookEveryMs = 50;

export type HandOverWatchOptions = {
  /** Nothing is going on in the room. */
  readonly isPause: () => boolean;
  /** Comes once. `isForced`: something is going on, and the time is up. */
  readonly onMoment: (moment: { readonly successorEpoch: number; readonly isForced: boolean }) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
};

export class HandOverWatch {
  readonly #options: HandOverWatchOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #successorEpoch: number | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #pauseSinceMs: number | undefined;
  #isOver = false;

  constructor(options: HandOverWatchOptions) {
    this.#options = options;
  }

  /** What the latest heartbeat said; null: nobody wants the call. */
  note(handOver: HandOver | null): void {
    if (this.#isOver) return;
    this.#successorEpoch = handOver?.readyEpoch ?? null;
    this.#dueMs = this.#options.now() + (handOver?.dueInMs ?? Number.POSITIVE_INFINITY);
    if (this.#successorEpoch === null) this.#stopLooking();
    else this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
  }

  close(): void {
    this.#isOver = true;
    this.#stopLooking();
  }

  #look(): void {
    const { isPause, onMoment, now } = this.#options;
    this.#pauseSinceMs = isPause() ? (this.#pauseSinceMs ?? now()) : undefined;
    const isQuiet = this.#pauseSinceMs !== undefined && now() - this.#pauseSinceMs >= pauseMs;
    if (this.#successorEpoch === null || !(isQuiet || now() >= this.#dueMs)) return;
    const successorEpoch = this.#successorEpoch;
    this.close();
    onMoment({ successorEpoch, isForced: !isQuiet });
  }

  #stopLooking(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#pauseSinceMs = undefined;
  }
}
