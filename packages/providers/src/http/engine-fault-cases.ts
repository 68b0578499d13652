/** Test support: each way in which an engine goes wrong before it has given anything, and what an adapter makes of it. */
import type { ProviderErrorCategory } from '@sophy/conversation/provider-error';
import type { EngineFault } from './engine-fault.ts';
import type { EngineTimeouts } from './engine-timeouts.ts';

type FaultCase = {
  readonly fault: EngineFault;
  readonly expected: {
    readonly category: ProviderErrorCategory;
    readonly isRetryable: boolean;
    readonly retryAfterMs?: number;
    readonly status?: number;
  };
};

export const engineFaultCases: readonly FaultCase[] = [
  { fault: { type: 'refused' }, expected: { category: 'connectivity', isRetryable: true } },
  {
    fault: { type: 'status', status: 401 },
    expected: { category: 'authentication', isRetryable: false, status: 401 },
  },
  {
    fault: { type: 'status', status: 429, retryAfterSeconds: 2 },
    expected: { category: 'rate-limit', isRetryable: true, status: 429, retryAfterMs: 2_000 },
  },
  {
    fault: { type: 'status', status: 500 },
    expected: { category: 'server', isRetryable: true, status: 500 },
  },
  { fault: { type: 'hang' }, expected: { category: 'timeout', isRetryable: true } },
  { fault: { type: 'stall', afterPieces: 1 }, expected: { category: 'timeout', isRetryable: true } },
  { fault: { type: 'garbage' }, expected: { category: 'bad-response', isRetryable: false } },
  {
    fault: { type: 'disconnect', afterPieces: 1 },
    expected: { category: 'connectivity', isRetryable: true },
  },
];

/** Only a fault that never ends needs a short deadline; a slow machine must not run into it otherwise. */
export function timeoutsFor(fault: EngineFault): EngineTimeouts {
  return fault.type === 'hang' || fault.type === 'stall'
    ? { connectMs: 5_000, answerMs: fault.type === 'hang' ? 150 : 5_000, stallMs: 150 }
    : { connectMs: 5_000, answerMs: 10_000, stallMs: 10_000 };
}
