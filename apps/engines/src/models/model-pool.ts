/** Models of one kind that are in memory: loaded on demand, shared by requests, unloaded when room is needed. */
import type { MemoryBudget, MemoryTenant } from './memory-budget.ts';

export type PooledModel<Engine> = { readonly engine: Engine; close(): Promise<void> };

/** What to load, and under which name it is kept. */
export type PoolItem = {
  readonly key: string;
  readonly title: string;
  /** Estimate of the memory it takes, bytes. */
  readonly bytes: number;
};

export type Lease<Engine> = { readonly engine: Engine; release(): void };

type Resident<Engine> = {
  readonly loading: Promise<PooledModel<Engine>>;
  loaded: PooledModel<Engine> | undefined;
  tenant: MemoryTenant | undefined;
  users: number;
  lastUse: number;
};

export class ModelPool<Item extends PoolItem, Engine> {
  private readonly budget: MemoryBudget;
  private readonly load: (item: Item) => Promise<PooledModel<Engine>>;
  private readonly residents = new Map<string, Resident<Engine>>();
  private readonly closing = new AbortController();

  constructor(budget: MemoryBudget, load: (item: Item) => Promise<PooledModel<Engine>>) {
    this.budget = budget;
    this.load = load;
  }

  get loadedKeys(): readonly string[] {
    return [...this.residents].flatMap(([key, { loaded }]) => (loaded === undefined ? [] : [key]));
  }

  /** The engine when it is in memory. */
  peek(key: string): Engine | undefined {
    return this.residents.get(key)?.loaded?.engine;
  }

  /** Whether a request uses it or it is being loaded. */
  isInUse(key: string): boolean {
    const resident = this.residents.get(key);
    return resident !== undefined && (resident.loaded === undefined || resident.users > 0);
  }

  /**
   * The engine, loaded first when it is not in memory; several who ask at once share one loading. It stays until every
   * lease is released. Throws what loading throws, and `EngineError` memory_exceeded when it can never fit. Rejects with
   * the signal's reason when it aborts; loading goes on for the next.
   */
  async use(item: Item, signal: AbortSignal): Promise<Lease<Engine>> {
    signal.throwIfAborted();
    const resident = this.residents.get(item.key) ?? this.start(item);
    resident.users += 1;
    resident.lastUse = this.budget.nextUse();
    const release = once(() => {
      resident.users -= 1;
      if (resident.users === 0) this.budget.changed();
    });
    try {
      const { engine } = resident.loaded ?? (await unlessAborted(resident.loading, signal));
      return { engine, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Forgets a model, so that the next request loads it anew. */
  async unload(key: string): Promise<void> {
    const resident = this.residents.get(key);
    if (resident === undefined) return;
    this.residents.delete(key);
    if (resident.tenant !== undefined) this.budget.remove(resident.tenant);
    await resident.loaded?.close();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the engines are stopping'));
    // What is still loading ends with the process: waiting for it would keep a stop waiting.
    await Promise.all([...this.residents.keys()].map((key) => this.unload(key)));
  }

  private start(item: Item): Resident<Engine> {
    const resident: Resident<Engine> = {
      loading: this.loadWithinBudget(item, () => resident),
      loaded: undefined,
      tenant: undefined,
      users: 0,
      lastUse: 0,
    };
    this.residents.set(item.key, resident);
    // Whoever waits for it hears of a failure; the next request tries again.
    resident.loading.catch(() => {
      if (this.residents.get(item.key) === resident) this.residents.delete(item.key);
    });
    return resident;
  }

  private async loadWithinBudget(item: Item, self: () => Resident<Engine>): Promise<PooledModel<Engine>> {
    await this.budget.reserve(item.title, item.bytes, this.closing.signal);
    let tenant: MemoryTenant | undefined;
    try {
      const loaded = await this.load(item);
      if (this.closing.signal.aborted) {
        await loaded.close();
        throw this.closing.signal.reason;
      }
      const resident = self();
      tenant = {
        title: item.title,
        bytes: item.bytes,
        isIdle: () => resident.users === 0,
        lastUse: () => resident.lastUse,
        unload: () => this.unload(item.key),
      };
      resident.loaded = loaded;
      resident.tenant = tenant;
      return loaded;
    } finally {
      this.budget.settle(item.bytes, tenant);
    }
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
