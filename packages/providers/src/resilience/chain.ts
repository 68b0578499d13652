/** The engines of one stage in the order in which they are asked, and what all of them report to. */
import type { EngineEvents } from './engine-events.ts';
import type { EngineGate } from './engine-gate.ts';
import type { EngineLink } from './engine-link.ts';

export type Chain<Port> = {
  /** The chosen engine first; never empty. */
  readonly links: readonly [EngineLink<Port>, ...EngineLink<Port>[]];
  readonly gate: EngineGate;
  readonly events: EngineEvents;
};

/** Engine and model for people, e.g. `deepgram:nova-3`. */
export function linkName({ engine, model }: EngineLink<unknown>): string {
  return model === '' ? engine : `${engine}:${model}`;
}

/**
 * Who is asked to go on after `failed` broke off: those that have not failed in this answer, or, where there is no
 * other, the same one once more.
 */
export function linksAfter<Port>(
  chain: Chain<Port>,
  failed: readonly EngineLink<Port>[],
): readonly EngineLink<Port>[] {
  const others = chain.links.filter((link) => !failed.includes(link));
  if (others.some((link) => chain.gate.admits(link))) return others;
  const last = failed.at(-1);
  if (last === undefined || !chain.gate.admits(last)) return [];
  return failed.filter((link) => link === last).length === 1 ? [last] : [];
}
