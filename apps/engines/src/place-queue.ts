/** A stage's places: so many requests at once, so many waiting, the rest is told to come back. */
import { EngineError } from './engine-error.ts';

export type Release = () => void;

type Waiter = { readonly admit: (release: Release) => void };

export class PlaceQueue {
  private readonly stage: string;
  private readonly places: number;
  private readonly maxWaiting: number;
  private readonly waiting: Waiter[] = [];
  private taken = 0;

  constructor(options: { stage: string; places: number; maxWaiting: number }) {
    this.stage = options.stage;
    this.places = options.places;
    this.maxWaiting = options.maxWaiting;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get takenCount(): number {
    return this.taken;
  }

  /**
   * Waits for a place, first come first served; the caller gives it back by calling the release, once or more often.
   * Throws `EngineError` overloaded when too many wait already. Rejects with the signal's reason when it aborts first.
   */
  enter(signal: AbortSignal): Promise<Release> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.taken < this.places) return Promise.resolve(this.take());
    if (this.waiting.length >= this.maxWaiting) {
      return Promise.reject(
        new EngineError(
          'overloaded',
          `The local ${this.stage} engine is busy: ${this.taken} requests are worked on and ${this.waiting.length} wait. Try again in a second, or raise ENGINES_CONCURRENCY or ENGINES_QUEUE.`,
          { retryAfterSeconds: 1 },
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: (release) => {
          signal.removeEventListener('abort', leave);
          resolve(release);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  /** A place when nobody waits and another one stays free, or it is the only one; undefined otherwise. */
  enterIdle(): Release | undefined {
    const free = this.places - this.taken;
    const leavesRoom = free > 1 || (this.places === 1 && free === 1);
    return leavesRoom && this.waiting.length === 0 ? this.take() : undefined;
  }

  private take(): Release {
    this.taken += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.taken -= 1;
      this.waiting.shift()?.admit(this.take());
    };
  }
}
