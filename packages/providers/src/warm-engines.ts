/** Opens the connections of engines before the first turn needs them. */
import { ProviderError } from '@sophy/conversation/provider-error';
import type { EngineContext, EngineEntry } from './engine-entry.ts';
import { hostedTimeouts, localTimeouts } from './http/engine-timeouts.ts';
import { askEngine, readText } from './http/exchange-with-engine.ts';

/**
 * Asks each engine what costs nothing, so that its connection is open and its key is known to work. Servers without
 * such an address are warm all the same.
 * @returns what is wrong already: an engine that is not there, a key that is refused.
 */
export async function warmEngines(
  entries: readonly EngineEntry[],
  context: EngineContext,
  signal: AbortSignal,
): Promise<readonly ProviderError[]> {
  const results = await Promise.allSettled(entries.map((entry) => warm(entry, context, signal)));
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (result.reason instanceof ProviderError) return [result.reason];
    throw result.reason;
  });
}

async function warm(entry: EngineEntry, context: EngineContext, signal: AbortSignal): Promise<void> {
  const request = entry.warmUp?.(context);
  if (request === undefined) return;
  await askEngine(
    {
      identity: { stage: entry.stage, engine: entry.id },
      method: 'GET',
      ...request,
      // The connection pool is found by these, so they must be those of the stage.
      timeouts: (entry.isSelfHosted ? localTimeouts : hostedTimeouts)[entry.stage],
      awaited: 'first answer',
      acceptedStatuses: [404, 405],
      signal,
    },
    (answer) => readText(answer.chunks, 16_000_000),
  );
}
