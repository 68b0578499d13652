/** Pieces of an answer as long as none is awaited for too long. */
import type { EngineClock } from './engine-clock.ts';

/** Yields the items. When the next one does not come within `longestGapMs`, `giveUp` ends the request and what it returns is thrown. */
export async function* withinGap<Item>(
  items: AsyncIterable<Item>,
  longestGapMs: number,
  clock: EngineClock,
  giveUp: () => Error,
): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = new AbortController();
      const late = clock.sleep(Math.max(0, longestGapMs), timer.signal).then(
        () => 'late' as const,
        () => 'over' as const,
      );
      const next = await Promise.race([iterator.next(), late]).finally(() => timer.abort());
      if (next === 'late') throw giveUp();
      if (next === 'over' || next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
