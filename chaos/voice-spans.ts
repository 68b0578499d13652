/** When a voice was audible, as spans of time, and where two of them were audible at once. Pure. */

/** `performance.now()` of arrival, ms. */
export type Span = { readonly startMs: number; readonly endMs: number };

/** Shorter pauses do not end a span: between words nobody has stopped speaking. */
const pauseMs = 300;

export class VoiceSpans {
  readonly #spans: { startMs: number; endMs: number }[] = [];

  /** A frame that was audible. Frames come in order. */
  add(arrivalMs: number, lengthMs: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && arrivalMs - last.endMs < pauseMs) last.endMs = arrivalMs + lengthMs;
    else this.#spans.push({ startMs: arrivalMs, endMs: arrivalMs + lengthMs });
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }
}

/** Longest stretch in which at least two of the voices are audible at once, ms; 0 when there is none. */
export function longestOverlapMs(voices: readonly (readonly Span[])[]): number {
  let longest = 0;
  voices.forEach((voice, index) => {
    for (const other of voices.slice(index + 1)) {
      for (const a of voice) {
        for (const b of other) {
          longest = Math.max(longest, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
        }
      }
    }
  });
  return longest;
}
