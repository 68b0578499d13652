/**
 * Asks engines until one gives a first piece: the chosen one first, the next when it fails or is late, the first to
 * answer wins and the others are let go of.
 */
import { ProviderError } from '@sophy/conversation/provider-error';
import type { EngineGate } from './engine-gate.ts';
import type { EngineLink } from './engine-link.ts';

/** Jitter keeps a fleet that failed together from returning together, ms. */
const retryWaitMs = { least: 100, most: 300 } as const;
/** A service that asks for more patience than this is given up: a caller is waiting. */
const mostRetryAfterMs = 1_000;
/** A failure that took longer than this has used up the caller's patience. */
const longestFirstTryMs = 1_500;

export type RaceOptions<Port, Item> = {
  /** In the order in which they are asked; those that are not admitted are left out. */
  readonly links: readonly EngineLink<Port>[];
  open(link: EngineLink<Port>, signal: AbortSignal): AsyncIterable<Item>;
  readonly gate: EngineGate;
  /** Left out: the patience of the first engine that is asked, ms. */
  readonly budgetMs?: number;
  readonly signal: AbortSignal;
  /** A try failed; another one may follow. */
  readonly onFailure: (link: EngineLink<Port>, error: ProviderError) => void;
};

export type Winner<Port, Item> = {
  readonly link: EngineLink<Port>;
  /** Everything that it gives, from its first piece on. */
  readonly items: AsyncIterable<Item>;
};

type Outcome<Port, Item> =
  | { readonly type: 'won'; readonly link: EngineLink<Port>; readonly opened: Opened<Item> }
  | { readonly type: 'lost'; readonly link: EngineLink<Port>; readonly error: unknown };

type Opened<Item> = {
  readonly iterator: AsyncIterator<Item>;
  readonly first: IteratorResult<Item>;
  readonly leave: () => void;
};

/**
 * Resolves with the first engine that gives a piece, or ends without one as an empty answer does.
 * @throws ProviderError of the first engine that failed when all have, or `timeout` when the budget is spent.
 */
export async function raceLinks<Port, Item>(options: RaceOptions<Port, Item>): Promise<Winner<Port, Item>> {
  const { gate, signal } = options;
  const waiting = options.links.filter((link) => gate.admits(link));
  const first = waiting[0];
  if (first === undefined) throw noneAdmitted(options.links);
  const over = new AbortController();
  const running = new Map<
    EngineLink<Port>,
    { stop: AbortController; outcome: Promise<Outcome<Port, Item>>; startedMs: number }
  >();
  let failure: unknown;

  const start = (link: EngineLink<Port>): void => {
    const stop = new AbortController();
    const outcome = tryTwice(options, link, AbortSignal.any([signal, stop.signal])).then(
      (opened): Outcome<Port, Item> => ({ type: 'won', link, opened }),
      (error: unknown): Outcome<Port, Item> => ({ type: 'lost', link, error }),
    );
    running.set(link, { stop, outcome, startedMs: gate.clock.nowMs() });
  };
  const after = (waitMs: number, type: 'hedge' | 'spent') =>
    gate.clock.sleep(waitMs, over.signal).then(
      () => ({ type }) as const,
      () => ({ type: 'over' }) as const,
    );

  const spent = after(Math.min(first.budgetMs, options.budgetMs ?? first.budgetMs), 'spent');
  start(first);
  waiting.shift();
  let hedge = after(first.hedgeMs, 'hedge');
  const startNext = (): void => {
    // One that was admitted before may have failed for somebody else meanwhile.
    while (waiting[0] !== undefined && !gate.admits(waiting[0])) waiting.shift();
    const next = waiting.shift();
    if (next === undefined) return;
    start(next);
    hedge = after(next.hedgeMs, 'hedge');
  };
  try {
    for (;;) {
      const outcomes = [...running.values()].map(({ outcome }) => outcome);
      const event = await Promise.race(
        waiting.length > 0 ? [...outcomes, hedge, spent] : [...outcomes, spent],
      );
      switch (event.type) {
        case 'won': {
          const { link, opened } = event;
          running.delete(link);
          return { link, items: goOn(options, link, opened) };
        }
        case 'lost':
          running.delete(event.link);
          failure ??= event.error;
          if (signal.aborted) throw event.error;
          startNext();
          if (running.size === 0) throw failure;
          break;
        case 'hedge':
          startNext();
          break;
        case 'spent':
          throw tooLate(first);
        case 'over':
          throw new Error('a race went on after its end');
      }
    }
  } finally {
    over.abort();
    for (const [link, { stop, outcome, startedMs }] of running) {
      // One that kept people waiting has failed, or it would be asked first, and waited for, in every turn.
      if (!signal.aborted && gate.clock.nowMs() - startedMs >= link.hedgeMs) {
        gate.failed(link, tooLate(link));
        options.onFailure(link, tooLate(link));
      }
      stop.abort();
      // Its answer is no longer wanted, nor is its failure.
      outcome.then(letGo).catch(() => undefined);
    }
  }
}

async function tryTwice<Port, Item>(
  options: RaceOptions<Port, Item>,
  link: EngineLink<Port>,
  signal: AbortSignal,
): Promise<Opened<Item>> {
  const { gate } = options;
  const { clock } = gate;
  for (let tries = 1; ; tries += 1) {
    const startedMs = clock.nowMs();
    const leave = gate.enter(link);
    const iterator = options.open(link, signal)[Symbol.asyncIterator]();
    try {
      return { iterator, first: await iterator.next(), leave };
    } catch (error) {
      leave();
      if (signal.aborted) throw error;
      gate.failed(link, error);
      if (error instanceof ProviderError) options.onFailure(link, error);
      const waitMs = retryWaitOf(error, clock.nowMs() - startedMs, clock.random());
      // Patience is over, or this failure was the one too many.
      if (tries > 1 || waitMs === undefined || !gate.admits(link)) throw error;
      await clock.sleep(waitMs, signal);
    }
  }
}

/** How long to wait before the second try, ms; undefined: there is none. */
function retryWaitOf(error: unknown, tookMs: number, chance: number): number | undefined {
  if (!(error instanceof ProviderError) || !error.isRetryable) return undefined;
  const retryAfterMs = error.retryAfterMs ?? 0;
  if (retryAfterMs > mostRetryAfterMs || tookMs > longestFirstTryMs) return undefined;
  const jitterMs = retryWaitMs.least + chance * (retryWaitMs.most - retryWaitMs.least);
  return Math.max(jitterMs, retryAfterMs);
}

/** The winner's pieces; its end, good or bad, is counted. */
async function* goOn<Port, Item>(
  { gate, signal }: RaceOptions<Port, Item>,
  link: EngineLink<Port>,
  { iterator, first, leave }: Opened<Item>,
): AsyncGenerator<Item, void, undefined> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    gate.succeeded(link);
  } catch (error) {
    if (!signal.aborted) gate.failed(link, error);
    throw error;
  } finally {
    leave();
    await iterator.return?.();
  }
}

async function letGo<Port, Item>(outcome: Outcome<Port, Item>): Promise<void> {
  if (outcome.type === 'lost') return;
  outcome.opened.leave();
  await outcome.opened.iterator.return?.();
}

function noneAdmitted(links: readonly EngineLink<unknown>[]): ProviderError {
  const [link] = links;
  const engines = links.map(({ engine }) => engine).join(', ');
  return new ProviderError({
    stage: link?.stage ?? 'llm',
    engine: link?.engine ?? 'none',
    category: 'connectivity',
    message: `no engine can be asked: ${engines} failed and are probed until one is well, or have too many requests`,
    isRetryable: false,
  });
}

/** No engine answered, or went on, in time. */
export function tooLate({ stage, engine }: EngineLink<unknown>): ProviderError {
  const message = `${engine} ${stage}: no engine answered within the budget of a turn`;
  return new ProviderError({ stage, engine, category: 'timeout', message, isRetryable: false });
}
