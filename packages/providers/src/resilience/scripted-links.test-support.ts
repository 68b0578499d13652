/** Links to engines that a test writes line by line: what they give, when, and how they end. On virtual time. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import {
  ProviderError,
  type ProviderErrorCategory,
  type ProviderErrorOptions,
  type ProviderStage,
} from '@sophy/conversation/provider-error';
import type { Chain } from './chain.ts';
import type { EngineEvents } from './engine-events.ts';
import { EngineGate } from './engine-gate.ts';
import type { EngineLink } from './engine-link.ts';
import { LocalBreakerStore } from './local-breaker-store.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

/** One line of a script: a wait, a piece, or an end that fails. Without one the answer ends well. */
export type Step<Piece> = { readonly waitMs: number } | { readonly give: Piece } | { readonly fail: Error };

export type ScriptedWorld = ReturnType<typeof createScriptedWorld>;

export function createScriptedWorld(random?: () => number) {
  const clock = new VirtualClock(random);
  const store = new LocalBreakerStore();
  const gate = new EngineGate({ store, clock });
  const usages: EngineUsage[] = [];
  /** What is told, as lines. */
  const told: string[] = [];
  const events: EngineEvents = {
    onFailure: ({ engine, category }) => told.push(`${engine} failed: ${category}`),
    onTakeover: ({ from, to, isMidway }) =>
      told.push(`${to} takes over from ${from}${isMidway ? ' midway' : ''}`),
    onServed: () => undefined,
    onBreaker: () => undefined,
    onUsage: (usage) => usages.push(usage),
  };
  return {
    clock,
    store,
    gate,
    usages,
    told,
    events,
    chain: <Port>(...links: readonly [EngineLink<Port>, ...EngineLink<Port>[]]): Chain<Port> => ({
      links,
      gate,
      events,
    }),
  };
}

export function linkTo<Port>(
  stage: ProviderStage,
  engine: string,
  port: Port,
  changes: Partial<EngineLink<Port>> = {},
): EngineLink<Port> {
  const probe = () => Promise.reject(failure('connectivity', { engine }));
  const patience = { hedgeMs: 2_500, budgetMs: 5_000 };
  return { stage, engine, model: '', breakerKey: `${stage}:${engine}`, port, ...patience, probe, ...changes };
}

/** Plays scripts, one for each request; the last one again and again. */
export class ScriptedEngine<Piece> {
  readonly #clock: VirtualClock;
  readonly #scripts: readonly (readonly Step<Piece>[])[];
  /** Requests so far. */
  asked = 0;
  /** Requests that are not over. */
  open = 0;
  /** When each request came, ms. */
  readonly askedAtMs: number[] = [];

  constructor(clock: VirtualClock, ...scripts: readonly (readonly Step<Piece>[])[]) {
    this.#clock = clock;
    this.#scripts = scripts;
  }

  async *give(signal: AbortSignal): AsyncGenerator<Piece, void, undefined> {
    const script = this.#scripts[Math.min(this.asked, this.#scripts.length - 1)] ?? [];
    this.asked += 1;
    this.open += 1;
    this.askedAtMs.push(this.#clock.nowMs());
    try {
      for (const step of script) {
        if (signal.aborted) throw failure('cancelled');
        if ('give' in step) yield step.give;
        else if ('fail' in step) throw step.fail;
        else
          await this.#clock.sleep(step.waitMs, signal).catch(() => {
            throw failure('cancelled');
          });
      }
    } finally {
      this.open -= 1;
    }
  }
}

const retryable: ReadonlySet<ProviderErrorCategory> = new Set([
  'connectivity',
  'timeout',
  'server',
  'rate-limit',
]);

export function failure(
  category: ProviderErrorCategory,
  changes: Partial<ProviderErrorOptions> = {},
): ProviderError {
  return new ProviderError({
    stage: 'llm',
    engine: 'a',
    category,
    message: category,
    isRetryable: retryable.has(category),
    ...changes,
  });
}

/** Everything of an answer, and how it ended. */
export async function collect<Piece>(
  pieces: AsyncIterable<Piece>,
): Promise<{ readonly given: readonly Piece[]; readonly error: unknown }> {
  const given: Piece[] = [];
  try {
    for await (const piece of pieces) given.push(piece);
    return { given, error: undefined };
  } catch (error) {
    return { given, error };
  }
}
