/** Whether a request that failed used nothing that is billed. */
import { ProviderError, type ProviderErrorCategory } from '@sophy/conversation/provider-error';

/**
 * Services bill no request that they refuse or that does not reach them. One that they may have worked on is another
 * matter: it gave something before it failed, gave nonsense, was waited for in vain, or was no longer wanted.
 */
const unbilled: ReadonlySet<ProviderErrorCategory> = new Set([
  'authentication',
  'quota',
  'rate-limit',
  'invalid-request',
  'connectivity',
  'server',
]);

export function isUnbilled(error: unknown, hasGiven: boolean): boolean {
  return !hasGiven && error instanceof ProviderError && unbilled.has(error.category);
}
