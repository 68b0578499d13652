/** What the local engines say of themselves. */
import { type EnginesReadiness, enginesReadinessSchema } from '@sophy/contracts/http-engines';
import { localTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';

const identity = { stage: 'llm', engine: 'local' } as const;

/**
 * Asks `GET /readyz`, which sits beside `/v1`.
 * @param enginesUrl address of the local engines up to `/v1`.
 * @throws ProviderError when they do not answer within `limitMs`.
 */
export async function readEnginesReadiness(
  enginesUrl: string,
  options: { readonly limitMs: number; readonly signal?: AbortSignal },
): Promise<EnginesReadiness> {
  const text = await askEngine(
    {
      identity,
      method: 'GET',
      url: `${enginesUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/readyz`,
      headers: {},
      timeouts: {
        connectMs: localTimeouts.llm.connectMs,
        answerMs: options.limitMs,
        stallMs: options.limitMs,
      },
      awaited: 'readiness',
      // Not ready is an answer too.
      acceptedStatuses: [503],
      signal: options.signal ?? new AbortController().signal,
    },
    (answer) => readText(answer.chunks, 1_000_000),
  );
  return parseAnswer(identity, text, enginesReadinessSchema, 'readiness');
}
