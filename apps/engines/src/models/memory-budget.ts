/** How much memory loaded models may take together: the least recently used idle ones leave for the next. */
import { EngineError } from '../engine-error.ts';

/** A loaded model. */
export type MemoryTenant = {
  readonly title: string;
  /** Estimate of what it takes, bytes. */
  readonly bytes: number;
  isIdle(): boolean;
  /** Grows with each use. */
  lastUse(): number;
  unload(): Promise<void>;
};

export type MemoryBudgetOptions = {
  /** What the whole process may take, bytes. */
  readonly limitBytes: number;
  /** What the process takes without any model, bytes. */
  readonly baseBytes: number;
  /** Resident memory of the process now, bytes. */
  readonly residentBytes: () => number;
};

export class MemoryBudget {
  readonly limitBytes: number;
  private readonly baseBytes: number;
  private readonly residentBytes: () => number;
  private readonly tenants = new Set<MemoryTenant>();
  private reservedBytes = 0;
  private uses = 0;
  private waiting: (() => void)[] = [];

  constructor({ limitBytes, baseBytes, residentBytes }: MemoryBudgetOptions) {
    this.limitBytes = limitBytes;
    this.baseBytes = baseBytes;
    this.residentBytes = residentBytes;
  }

  /** Counts uses, so that the least recent can be told. */
  nextUse(): number {
    this.uses += 1;
    return this.uses;
  }

  /** What models take by estimate, those that are being loaded included, bytes. */
  get modelBytes(): number {
    let sum = this.reservedBytes;
    for (const tenant of this.tenants) sum += tenant.bytes;
    return sum;
  }

  get usedBytes(): number {
    return this.residentBytes();
  }

  get isShort(): boolean {
    return this.usedBytes > this.limitBytes;
  }

  /** For people and the readiness page. */
  describe(): { limit_mb: number; used_mb: number; is_short: boolean; message: string } {
    const used = megabytes(this.usedBytes);
    const limit = megabytes(this.limitBytes);
    return {
      limit_mb: limit,
      used_mb: used,
      is_short: this.isShort,
      message: this.isShort
        ? `Memory is short: ${used} MB are used and ${limit} MB allowed. Idle models are unloaded; choose smaller ones, or raise ENGINES_MEMORY_MB.`
        : '',
    };
  }

  /**
   * Makes room, by unloading idle models and else by waiting for one to become idle. The room is kept until `settle`.
   * Throws `EngineError` memory_exceeded when it can never fit; rejects with the signal's reason when it aborts.
   */
  async reserve(title: string, bytes: number, signal: AbortSignal): Promise<void> {
    if (this.baseBytes + bytes > this.limitBytes) {
      throw new EngineError(
        'memory_exceeded',
        `${title} needs about ${megabytes(bytes)} MB besides the ${megabytes(this.baseBytes)} MB of the process, and ENGINES_MEMORY_MB allows ${megabytes(this.limitBytes)} MB in all. Choose a smaller model or raise ENGINES_MEMORY_MB.`,
      );
    }
    while (this.baseBytes + this.modelBytes + bytes > this.limitBytes) {
      signal.throwIfAborted();
      const victim = this.leastRecentIdle();
      if (victim === undefined) await this.nextChange(signal);
      else await this.evict(victim);
    }
    this.reservedBytes += bytes;
  }

  /** Gives a reservation back: to the model that was loaded into it, or to nobody. */
  settle(bytes: number, tenant: MemoryTenant | undefined): void {
    this.reservedBytes -= bytes;
    if (tenant !== undefined) this.tenants.add(tenant);
    this.changed();
  }

  /** The model is gone. */
  remove(tenant: MemoryTenant): void {
    this.tenants.delete(tenant);
    this.changed();
  }

  /** Something became idle. */
  changed(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** Unloads one idle model when the process takes more than it may. Returns its title. */
  async relieve(): Promise<string | undefined> {
    const victim = this.isShort ? this.leastRecentIdle() : undefined;
    // The last one stays: without it the next request only loads it again.
    if (victim === undefined || this.tenants.size === 1) return undefined;
    await this.evict(victim);
    return victim.title;
  }

  private leastRecentIdle(): MemoryTenant | undefined {
    return [...this.tenants]
      .filter((tenant) => tenant.isIdle())
      .toSorted((one, other) => one.lastUse() - other.lastUse())[0];
  }

  private async evict(tenant: MemoryTenant): Promise<void> {
    this.tenants.delete(tenant);
    await tenant.unload();
    this.changed();
  }

  private nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting = this.waiting.filter((other) => other !== wake);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(wake);
    });
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
