/** From what was seen of the agents of one room: when somebody listened there, and for how long nobody did. Pure. */
import type { Span } from './voice-spans.ts';

/** One thing seen of one agent, in the order seen. Times are `performance.now()`, ms. */
export type Sighting = {
  readonly atMs: number;
  readonly identity: string;
  readonly epoch: number;
  readonly event: /** Its state attribute; undefined: it has none yet. */
    | { readonly type: 'state'; readonly state: string | undefined }
    | { readonly type: 'left' }
    /** The harness has ended its process; what it shows after that is a ghost's. */
    | { readonly type: 'killed' };
};

/** States in which an agent hears people. `initializing` and the standby of a hand-over are none. */
const servingStates: readonly string[] = ['listening', 'thinking', 'speaking'];

export function isServing(state: string | undefined): boolean {
  return state !== undefined && servingStates.includes(state);
}

/** When an agent of a newer epoch was first seen serving after a moment; undefined: never. */
export function servedAgainAt(
  sightings: readonly Sighting[],
  since: { readonly atMs: number; readonly epoch: number },
): number | undefined {
  return sightings.find(
    ({ atMs, epoch, event }) =>
      atMs >= since.atMs && epoch > since.epoch && event.type === 'state' && isServing(event.state),
  )?.atMs;
}

/** Stretches between the first service and `untilMs` in which no living agent served. */
export function serviceGaps(sightings: readonly Sighting[], untilMs: number): readonly Span[] {
  const serving = new Set<string>();
  const dead = new Set<string>();
  const gaps: Span[] = [];
  let goneSinceMs: number | undefined;
  let hasBegun = false;
  for (const { atMs, identity, event } of sightings) {
    if (event.type === 'killed') dead.add(identity);
    const serves = event.type === 'state' && isServing(event.state) && !dead.has(identity);
    if (serves) serving.add(identity);
    else serving.delete(identity);
    if (serving.size > 0) {
      if (goneSinceMs !== undefined) gaps.push({ startMs: goneSinceMs, endMs: atMs });
      goneSinceMs = undefined;
      hasBegun = true;
    } else if (hasBegun) {
      goneSinceMs ??= atMs;
    }
  }
  if (goneSinceMs !== undefined && untilMs > goneSinceMs) gaps.push({ startMs: goneSinceMs, endMs: untilMs });
  return gaps;
}
