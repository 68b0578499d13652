/** The breakers of a call's engines: shared by the fleet where there is a Redis, otherwise of this process. */
import type { BreakerStore } from '@sophy/providers/resilience/breaker-store';
import { LocalBreakerStore } from '@sophy/providers/resilience/local-breaker-store';
import type { Logger } from '@sophy/telemetry/logger';

export async function openBreakers(redisUrl: string | undefined, logger: Logger): Promise<BreakerStore> {
  if (redisUrl === undefined) return new LocalBreakerStore();
  // Loaded only where it is used: every job process starts with what this file imports.
  const { RedisBreakerStore } = await import('@sophy/providers/resilience/redis-breaker-store');
  return new RedisBreakerStore({
    url: redisUrl,
    onReachable: (isReachable, error) => {
      if (isReachable) logger.info('breakers of engines are shared again');
      else logger.warn({ error }, 'Redis failed; breakers of engines are of this process until it is back');
    },
  });
}
