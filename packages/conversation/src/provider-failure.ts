/** Any error of an engine as the one error that the conversation knows. */
import { ProviderError, type ProviderStage } from './provider-error.ts';

export function providerFailure(error: unknown, stage: ProviderStage, engine: string): ProviderError {
  if (error instanceof ProviderError) return error;
  return new ProviderError({
    stage,
    engine,
    category: 'bad-response',
    message: error instanceof Error ? error.name : 'unknown failure',
    isRetryable: false,
    cause: error,
  });
}
