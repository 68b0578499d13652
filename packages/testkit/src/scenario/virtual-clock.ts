/** A clock that stands still while things happen and jumps to the next moment: the same order every time. */

export type VirtualClock = {
  readonly nowMs: () => number;
  /** Runs an action at a moment, after those ordered before for the same moment. Returns what takes it back. */
  at(atMs: number, action: () => void): () => void;
  /** Jumps on until nothing is left, or until the moment. */
  runUntil(untilMs: number): void;
};

export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  const entries: { readonly atMs: number; readonly action: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    at(atMs, action) {
      const entry = { atMs: Math.max(nowMs, Math.round(atMs)), action };
      const later = entries.findIndex((other) => other.atMs > entry.atMs);
      entries.splice(later === -1 ? entries.length : later, 0, entry);
      return () => {
        const index = entries.indexOf(entry);
        if (index !== -1) entries.splice(index, 1);
      };
    },
    runUntil(untilMs) {
      for (let [next] = entries; next !== undefined && next.atMs <= untilMs; [next] = entries) {
        entries.shift();
        nowMs = next.atMs;
        next.action();
      }
    },
  };
}
