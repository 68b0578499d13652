/** One look at one part, with a limit on time. */
import type { PartStatus } from '@sophy/contracts/http-status';

const limitMs = 2_000;

/** Says in one sentence how the part is, or throws where it cannot be used. */
export type Probe = (signal: AbortSignal) => Promise<string>;

/** Never rejects: what the probe throws becomes the message. */
export async function runProbe(probe: Probe): Promise<PartStatus> {
  const signal = AbortSignal.timeout(limitMs);
  const late = Promise.withResolvers<never>();
  const onLate = () => late.reject(new Error(`did not answer within ${limitMs / 1_000} s`));
  signal.addEventListener('abort', onLate, { once: true });
  try {
    return { available: true, message: await Promise.race([probe(signal), late.promise]) };
  } catch (error) {
    return { available: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener('abort', onLate);
  }
}

/** For a part that this installation does not use. */
export function notUsed(message: string): PartStatus {
  return { available: false, message };
}
