/** How scripted engines wait, so that a virtual clock can drive them. */
import { setTimeout as delay } from 'node:timers/promises';
import { ProviderError, type ProviderStage } from '@sophy/conversation/provider-error';

/** Waits `waitMs`; rejects when the signal aborts. */
export type ScriptedSleep = (waitMs: number, signal: AbortSignal) => Promise<unknown>;

export const systemSleep: ScriptedSleep = (waitMs, signal) => delay(waitMs, undefined, { signal });

/** Waits like a real engine would answer: `cancelled` when the caller leaves. */
export async function waitOrCancel(
  stage: ProviderStage,
  sleep: ScriptedSleep,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const cancelled = () =>
    new ProviderError({
      stage,
      engine: 'scripted',
      category: 'cancelled',
      message: `scripted ${stage}: the caller cancelled the request`,
      isRetryable: false,
    });
  if (signal.aborted) throw cancelled();
  if (waitMs <= 0) return;
  try {
    await sleep(waitMs, signal);
  } catch (error) {
    if (signal.aborted) throw cancelled();
    throw error;
  }
}
