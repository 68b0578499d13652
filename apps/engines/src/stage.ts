/** One stage of the engines: whether it can serve, who may use it now, and the models it serves with. */
import { EngineError } from './engine-error.ts';
import type { ModelPool, PoolItem } from './models/model-pool.ts';
import { PlaceQueue } from './place-queue.ts';

type StageState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly note: string }
  | { readonly status: 'failed'; readonly reason: string };

/** Told of each request that was worked on. */
export type StageTimes = {
  waited(stage: StageName, seconds: number): void;
  worked(stage: StageName, seconds: number): void;
};

export type StageName = 'stt' | 'tts' | 'llm';

/** A place and a model, until they are given back; giving back twice does no harm. */
export type Use<Engine> = { readonly engine: Engine; release(): void };

export type StageOptions<Item extends PoolItem, Engine> = {
  readonly name: StageName;
  readonly places: number;
  readonly maxWaiting: number;
  readonly pool: ModelPool<Item, Engine>;
  readonly times: StageTimes;
};

export class Stage<Item extends PoolItem, Engine> {
  readonly name: StageName;
  readonly queue: PlaceQueue;
  readonly pool: ModelPool<Item, Engine>;
  private readonly times: StageTimes;
  private model = 'none';
  private state: StageState = { status: 'loading' };

  constructor({ name, places, maxWaiting, pool, times }: StageOptions<Item, Engine>) {
    this.name = name;
    this.pool = pool;
    this.times = times;
    this.queue = new PlaceQueue({ stage: name, places, maxWaiting });
  }

  /** Says which model the stage is about, while it loads too. */
  announce(model: string): void {
    this.model = model;
  }

  beginLoading(): void {
    this.state = { status: 'loading' };
  }

  becomeReady(note: string): void {
    this.state = { status: 'ready', note };
  }

  fail(reason: string): void {
    this.state = { status: 'failed', reason };
  }

  get modelName(): string {
    return this.model;
  }

  /** Throws `EngineError` not_ready with the reason, while the stage's first model is not there. */
  requireReady(): void {
    if (this.state.status === 'ready') return;
    throw new EngineError(
      'not_ready',
      `The local ${this.name} engine is not ready: ${this.describe().message}`,
      this.state.status === 'loading' ? { retryAfterSeconds: 2 } : {},
    );
  }

  /**
   * Waits for a place, first come first served, then for the model to be in memory.
   * Throws `EngineError` overloaded or memory_exceeded, and what loading throws; rejects with the signal's reason.
   */
  async enter(item: Item, signal: AbortSignal): Promise<Use<Engine>> {
    const askedMs = performance.now();
    const leave = await this.queue.enter(signal);
    try {
      const lease = await this.pool.use(item, signal);
      return this.begin(lease, leave, askedMs);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** A place for work that nobody waits for: only when it keeps nobody waiting and nothing has to be loaded. */
  async enterIdle(item: Item, signal: AbortSignal): Promise<Use<Engine> | undefined> {
    if (this.pool.peek(item.key) === undefined) return undefined;
    const leave = this.queue.enterIdle();
    if (leave === undefined) return undefined;
    try {
      return this.begin(await this.pool.use(item, signal), leave, performance.now());
    } catch (error) {
      leave();
      throw error;
    }
  }

  describe(): { ready: boolean; model: string; message: string } {
    switch (this.state.status) {
      case 'loading':
        return { ready: false, model: this.model, message: 'The model is being loaded.' };
      case 'ready':
        return { ready: true, model: this.model, message: this.state.note };
      case 'failed':
        return { ready: false, model: this.model, message: this.state.reason };
      default:
        return this.state satisfies never;
    }
  }

  private begin(
    lease: { readonly engine: Engine; release(): void },
    leave: () => void,
    askedMs: number,
  ): Use<Engine> {
    const beganMs = performance.now();
    this.times.waited(this.name, (beganMs - askedMs) / 1_000);
    let isOver = false;
    return {
      engine: lease.engine,
      release: () => {
        if (isOver) return;
        isOver = true;
        this.times.worked(this.name, (performance.now() - beganMs) / 1_000);
        lease.release();
        leave();
      },
    };
  }
}
