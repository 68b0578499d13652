/** Where names stand among words: exact, as they sound, misheard by one sound, or called in two pieces. */
import { auxiliaries } from './addressing-predicates.ts';
import { beforeTopic, openers, strongCalls, subordinators } from './addressing-words.ts';
import { type FoldedWord, foldWords } from './fold-words.ts';
import { ordinaryWords } from './ordinary-words.ts';
import { soundOf, soundsLoosely, soundsMisheard, soundsSame } from './speech-sound.ts';

/** Words from `start` up to, not including, `end`. */
export type NameHit = { readonly start: number; readonly end: number; readonly matched: string };

type KnownName = {
  readonly parts: readonly string[];
  /** Counts only behind an at sign. */
  readonly needsAt: boolean;
  /** A function word as well, e.g. "Will" or "Mia": counts only when it is called or set off. */
  readonly isOrdinary: boolean;
};

/** A turn that names the agent more often is a pasted text: the first ones tell enough. */
const mostHits = 50;
/** Shorter names do not come in pieces. */
const shortestInPieces = 4;

/** All names in the words, in order, the longest at each place. A name given as `@sophy` counts with its at sign only. */
export function findNames(words: readonly FoldedWord[], names: readonly string[]): readonly NameHit[] {
  const known = names
    .map(knownName)
    .filter((name) => name.parts.length > 0)
    .toSorted((a, b) => b.parts.length - a.parts.length);
  const sounds = known.flatMap(({ parts, needsAt }) =>
    parts.length === 1 && !needsAt ? parts.map(soundOf) : [],
  );
  const hits: NameHit[] = [];
  for (let start = 0; start < words.length && hits.length < mostHits; start += 1) {
    const length = lengthOfNameAt(words, start, known, sounds);
    if (length === 0) continue;
    const end = start + length;
    const matched = words
      .slice(start, end)
      .map((word) => word.text)
      .join(' ');
    hits.push({ start, end, matched });
    start = end - 1;
  }
  return hits;
}

function knownName(name: string): KnownName {
  const parts = foldWords(name).map((word) => word.text);
  const isOrdinary =
    parts.length === 1 &&
    [openers, beforeTopic, auxiliaries, subordinators].some((set) => set.has(parts[0] ?? ''));
  return { parts, needsAt: name.startsWith('@'), isOrdinary };
}

/** How many words the name at this place takes; 0 where there is none. */
function lengthOfNameAt(
  words: readonly FoldedWord[],
  start: number,
  names: readonly KnownName[],
  sounds: readonly string[],
): number {
  const word = words[start];
  if (word === undefined) return 0;
  const before = words[start - 1];
  const isCalled = before !== undefined && strongCalls.has(before.text) && !/[.?]/.test(before.mark);
  const exact = names.find(
    ({ parts, needsAt, isOrdinary }) =>
      parts.every((part, offset) => words[start + offset]?.text === part) &&
      (word.hasAt || (!needsAt && (!isOrdinary || isCalled || word.mark === ',' || before?.mark === ','))),
  );
  if (exact !== undefined) return exact.parts.length;
  const heard = soundOf(word.text);
  const isAwaited = isCalled || (word.mark !== '' && (before === undefined || before.mark !== ''));
  if (sounds.some((meant) => soundsSame(heard, meant)) && (isAwaited || !ordinaryWords.has(word.text)))
    return 1;
  if (!ordinaryWords.has(word.text) && sounds.some((meant) => soundsMisheard(heard, meant))) return 1;
  if (isCalled && !ordinaryWords.has(word.text) && sounds.some((meant) => soundsLoosely(heard, meant)))
    return 1;
  const second = words[start + 1]?.text;
  if (second === undefined || word.mark !== '') return 0;
  return isInPieces(soundOf(word.text + second), sounds, isCalled) ? 2 : 0;
}

/** Two words may be the name in pieces: after a call roughly, "hey so free"; elsewhere they must sound like it. */
function isInPieces(heard: string, sounds: readonly string[], isCalled: boolean): boolean {
  return sounds.some(
    (meant) =>
      meant.length >= shortestInPieces && (heard === meant || (isCalled && soundsLoosely(heard, meant))),
  );
}
