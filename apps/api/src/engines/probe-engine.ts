/** Tries the chosen engine of a stage before anybody depends on it. */
import type { Settings } from '@sophy/contracts/settings';
import { ProviderError, type ProviderStage } from '@sophy/conversation/provider-error';
import type { Engines } from '@sophy/providers/engines';

export type EngineTrial<Result> =
  | { readonly ok: true; readonly tookMs: number; readonly result: Result }
  /** `reason`: what is wrong with the engine and what to do, without its name. */
  | { readonly ok: false; readonly tookMs: number; readonly reason: string };

/** The smallest request to the engine that the settings choose for the stage. Never throws what an engine throws. */
export async function probeEngine(
  engines: Pick<Engines, 'probe'>,
  stage: ProviderStage,
  settings: Settings,
  limitMs: number,
): Promise<EngineTrial<void>> {
  return tryEngine(limitMs, (signal) => engines.probe(stage, settings, signal));
}

/** Runs `ask` for at most `limitMs`, also where it does not listen to its signal. */
export async function tryEngine<Result>(
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<Result>,
): Promise<EngineTrial<Result>> {
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  const signal = AbortSignal.timeout(limitMs);
  const late = Promise.withResolvers<'late'>();
  const onLate = () => late.resolve('late');
  signal.addEventListener('abort', onLate, { once: true });
  const isLate = { ok: false, reason: `did not answer within ${limitMs / 1_000} s` } as const;
  try {
    const asked = ask(signal).then((result) => ({ result }));
    const first = await Promise.race([asked, late.promise]);
    return first === 'late'
      ? { ...isLate, tookMs: tookMs() }
      : { ok: true, tookMs: tookMs(), result: first.result };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (signal.aborted) return { ...isLate, tookMs: tookMs() };
    return { ok: false, tookMs: tookMs(), reason: reasonOf(error) };
  } finally {
    signal.removeEventListener('abort', onLate);
  }
}

/** Adapters begin their messages with engine and stage, which the answer says by name. */
function reasonOf({ message, engine, stage }: ProviderError): string {
  const prefix = `${engine} ${stage}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
