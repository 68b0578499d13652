/** Numbers that look random and are the same for the same seed. */

/** From 0 (inclusive) to 1. Mulberry32 by Tommy Ettinger, public domain. */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number of ms around a usual one, at most the part of it to either side. */
export function around(random: () => number, usualMs: number, part = 0.2): number {
  return Math.round(usualMs * (1 + part * (2 * random() - 1)));
}
