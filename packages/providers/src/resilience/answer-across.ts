/**
 * One answer of a chain of engines: the first that gives a piece gives the rest too; when it breaks off in the middle,
 * another goes on where it ended, as long as people have not waited too long in all.
 */
import { providerFailure } from '@sophy/conversation/provider-failure';
import { type Chain, linkName, linksAfter } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { raceLinks, tooLate } from './race-links.ts';
import { withinGap } from './within-gap.ts';

/** All waiting of one answer together, its beginning and its gaps, ms: after that people are told. */
const mostWaitMs = 8_000;

export type AnswerAcross<Port, Item> = {
  /** Asks an engine for what is still missing. */
  open(link: EngineLink<Port>, signal: AbortSignal): AsyncIterable<Item>;
  /** Part of the answer was given. */
  isMidway(): boolean;
  /** The item as it is given; `isFirst`: of this engine. */
  give(item: Item, by: { readonly link: EngineLink<Port>; readonly isFirst: boolean }): Item;
  /** An engine broke off: whether another may go on, nothing is missing, or nobody can. */
  afterBreak(): 'go-on' | 'complete' | 'give-up';
  /** An engine came to its end. */
  onEnd?(link: EngineLink<Port>): void;
  readonly signal: AbortSignal;
};

/** @throws ProviderError of the engine that broke off last, where nobody goes on. */
export async function* answerAcross<Port, Item>(
  chain: Chain<Port>,
  answer: AnswerAcross<Port, Item>,
): AsyncGenerator<Item, void, undefined> {
  const { links, gate, events } = chain;
  const { clock } = gate;
  const { signal } = answer;
  for (const link of links) gate.watch(link);
  const failed: EngineLink<Port>[] = [];
  let waitedMs = 0;
  let lastMs = clock.nowMs();
  const wait = (): void => {
    waitedMs += clock.nowMs() - lastMs;
    lastMs = clock.nowMs();
  };
  for (let asked: readonly EngineLink<Port>[] = links; ; asked = linksAfter(chain, failed)) {
    const isGoingOn = failed.length > 0;
    const stop = new AbortController();
    const { link, items } = await raceLinks({
      links: asked,
      open: (it, stopped) => answer.open(it, stopped),
      gate,
      // The chosen engine has its own patience; those that go on share what is left.
      ...(isGoingOn ? { budgetMs: mostWaitMs - waitedMs } : {}),
      signal: AbortSignal.any([signal, stop.signal]),
      onFailure: (_link, error) => events.onFailure(error),
    });
    wait();
    const from = failed.at(-1) ?? links[0];
    if (link !== from) {
      const { stage } = link;
      events.onTakeover({ stage, from: linkName(from), to: linkName(link), isMidway: answer.isMidway() });
    }
    const giveUp = (): Error => {
      stop.abort();
      return tooLate(link);
    };
    // Who goes on may not make people wait for the whole of its patience once more.
    const inTime = isGoingOn ? withinGap(items, mostWaitMs - waitedMs, clock, giveUp) : items;
    let isFirst = true;
    try {
      for await (const item of inTime) {
        const given = answer.give(item, { link, isFirst });
        isFirst = false;
        yield given;
        // Time that the reader takes is nobody's waiting.
        lastMs = clock.nowMs();
      }
      answer.onEnd?.(link);
      return;
    } catch (error) {
      failed.push(link);
      wait();
      if (signal.aborted) throw error;
      const next = answer.afterBreak();
      if (next === 'complete') return;
      if (next === 'give-up' || waitedMs >= mostWaitMs || linksAfter(chain, failed).length === 0) throw error;
      events.onFailure(providerFailure(error, link.stage, link.engine));
    }
  }
}
