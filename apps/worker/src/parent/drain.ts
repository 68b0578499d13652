/** The end of a worker that has calls: it takes no more, and hands those that it has to other workers. */
import type { Logger } from '@sophy/telemetry/logger';

const askEveryMs = 1_000;
/** So long before the end of its time an agent gives its call up also in the middle of a turn. */
const marginMs = 5_000;
/** A call whose successor is on its way is not dropped for the sake of the budget: so much longer at most, ms. */
const overtimeMs = 60_000;

export type DrainOptions = {
  readonly budgetMs: number;
  readonly activeJobs: () => number;
  /** Asks for somebody to take over each call of this worker, at the latest after so many ms. */
  readonly requestHandOvers: (withinMs: number) => Promise<void>;
  /** Whether somebody is on the way to take over one of its calls. */
  readonly hasSuccessors: () => Promise<boolean>;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
  /** Ends the waiting at once. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Resolves when no job is left, or the time is up and nobody is on the way; says how many are left. Never rejects. */
export async function drain(options: DrainOptions): Promise<number> {
  const { budgetMs, activeJobs, requestHandOvers, nowMs, signal, logger } = options;
  const endMs = nowMs() + budgetMs;
  while (activeJobs() > 0 && !signal.aborted && (nowMs() < endMs || (await isWorthWaiting(options, endMs)))) {
    try {
      // Again and again: a call may have been placed here just before, and the database may have been away.
      await requestHandOvers(Math.max(0, endMs - nowMs() - marginMs));
    } catch (error) {
      logger.warn({ error }, 'calls could not be offered to other workers, trying again');
    }
    const leftMs = endMs - nowMs();
    await pause(leftMs > 0 ? Math.min(askEveryMs, leftMs) : askEveryMs, activeJobs, signal);
  }
  return activeJobs();
}

async function isWorthWaiting(
  { hasSuccessors, nowMs, logger }: DrainOptions,
  endMs: number,
): Promise<boolean> {
  if (nowMs() >= endMs + overtimeMs) return false;
  try {
    return await hasSuccessors();
  } catch (error) {
    logger.warn({ error }, 'successors not known; the worker ends');
    return false;
  }
}

/** Shorter when the last job goes. */
async function pause(ms: number, activeJobs: () => number, signal: AbortSignal): Promise<void> {
  const stepMs = 50;
  for (let waitedMs = 0; waitedMs < ms && activeJobs() > 0 && !signal.aborted; waitedMs += stepMs)
    await new Promise((over) => setTimeout(over, Math.min(stepMs, ms - waitedMs)));
}
