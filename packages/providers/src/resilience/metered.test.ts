/** What the wrapper says that a request used: this becomes money. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError, type ProviderErrorCategory } from '@sophy/conversation/provider-error';
import type { StreamingSttPort } from '@sophy/conversation/stt-port';
import { expect, test } from 'vitest';
import { systemClock } from './engine-clock.ts';
import type { EngineEvents } from './engine-events.ts';
import { EngineGate } from './engine-gate.ts';
import type { EngineLink } from './engine-link.ts';
import { createGuardedStreamingStt } from './guarded-streaming-stt.ts';
import { LocalBreakerStore } from './local-breaker-store.ts';
import { createResilientLlm } from './resilient-llm.ts';

const never = new AbortController().signal;
const ignored = (): void => undefined;

function wrapper() {
  const usages: EngineUsage[] = [];
  const events: EngineEvents = {
    onFailure: ignored,
    onTakeover: ignored,
    onServed: ignored,
    onBreaker: ignored,
    onUsage: (usage) => usages.push(usage),
  };
  return { usages, events, gate: new EngineGate({ store: new LocalBreakerStore(), clock: systemClock }) };
}

function linkTo<Port>(stage: EngineLink<Port>['stage'], port: Port): EngineLink<Port> {
  return {
    stage,
    engine: 'tested',
    model: 'm',
    breakerKey: 'tested',
    port,
    hedgeMs: 1_000,
    budgetMs: 1_000,
    probe: () => Promise.resolve(),
  };
}

test('a stream that goes on for minutes tells what it used as it goes, and the rest as it is closed', async () => {
  const { usages, events, gate } = wrapper();
  const silent: StreamingSttPort = {
    kind: 'streaming',
    label: 'tested',
    sampleRateHz: 1_000,
    open: () => ({
      push: ignored,
      commit: ignored,
      events: { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) },
      close: () => Promise.resolve(),
    }),
  };
  const port = createGuardedStreamingStt({ link: linkTo('stt', silent), backup: undefined, gate, events });
  const stream = port.open({ language: undefined, signal: never });
  for (let second = 0; second < 40; second += 1) stream.push(new Int16Array(1_000));
  expect(usages.map(({ audioMs }) => audioMs)).toEqual([15_000, 15_000]);
  await stream.close();
  await stream.close();
  expect(usages.map(({ audioMs }) => audioMs)).toEqual([15_000, 15_000, 10_000]);
  await gate.close();
});

test('a request that is refused used nothing; one that was waited for in vain may have', async () => {
  const promptTokensAfter = async (category: ProviderErrorCategory): Promise<number | undefined> => {
    const { usages, events, gate } = wrapper();
    const failing: LlmPort = {
      label: 'tested',
      stream: () => {
        const error = new ProviderError({
          stage: 'llm',
          engine: 'tested',
          category,
          message: 'no',
          isRetryable: false,
        });
        return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
      },
    };
    const brain = createResilientLlm({ links: [linkTo('llm', failing)], gate, events });
    const request = { messages: [{ role: 'user', content: 'Four tokens here' }], maxTokens: 9 } as const;
    const first = brain.stream(request, { signal: never })[Symbol.asyncIterator]().next();
    await expect(first).rejects.toThrow('no');
    await gate.close();
    return usages[0]?.promptTokens;
  };
  expect(await promptTokensAfter('authentication')).toBe(0);
  expect(await promptTokensAfter('timeout')).toBe(4);
});
