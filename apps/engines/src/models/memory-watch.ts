/** Looks at the memory of the process now and then, and unloads idle models while it takes more than it may. */
import type { Logger } from '@sophy/telemetry/logger';
import type { MemoryBudget } from './memory-budget.ts';

const intervalMs = 5_000;

export class MemoryWatch {
  private readonly budget: MemoryBudget;
  private readonly logger: Logger;
  private readonly timer: NodeJS.Timeout;
  private wasShort = false;
  private isBusy = false;

  constructor(budget: MemoryBudget, logger: Logger) {
    this.budget = budget;
    this.logger = logger;
    this.timer = setInterval(() => void this.look(), intervalMs);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const { isShort, usedBytes, limitBytes } = this.budget;
    const fields = { usedMb: Math.round(usedBytes / 1e6), limitMb: Math.round(limitBytes / 1e6) };
    if (isShort && !this.wasShort) this.logger.warn(fields, 'memory is short');
    this.wasShort = isShort;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const unloaded = await this.budget.relieve();
      if (unloaded !== undefined) this.logger.info({ model: unloaded, ...fields }, 'idle model unloaded');
    } catch (error) {
      this.logger.error({ error }, 'idle model not unloaded');
    } finally {
      this.isBusy = false;
    }
  }
}
