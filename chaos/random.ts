/** Chance that repeats itself: the same seed gives the same choices. */

export type Random = {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [from, to]. */
  whole(from: number, to: number): number;
  /** One of the choices. Throws when there is none. */
  pick<T>(choices: readonly T[]): T;
  shuffled<T>(items: readonly T[]): readonly T[];
  /** Chance of its own, for a part that runs beside others and must not take from them. */
  branch(name: string): Random;
};

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough to choose whom to kill. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new Error('there is nothing to choose from');
    const [choice] = choices.slice(whole(0, choices.length - 1));
    // The slice begins at an index that exists.
    if (choice === undefined) throw new Error('the choice is undefined');
    return choice;
  };
  return {
    next,
    whole,
    pick,
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    branch: (name) => createRandom(hash(`${seed}:${name}`)),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
