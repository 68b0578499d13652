/** Where the agent's names stand among words: exact, misheard by one letter, or called in two pieces. */
import { strongCalls } from './addressing-words.ts';
import { isWithinOneEdit } from './edit-distance.ts';
import { type FoldedWord, foldText } from './fold-words.ts';
import { ordinaryWords } from './ordinary-words.ts';

/** Words from `start` up to, not including, `end`. */
export type NameHit = { readonly start: number; readonly end: number; readonly matched: string };

/** Shorter names are too close to too many words. */
const shortestMisheardName = 5;
/** A turn that names the agent more often is a pasted text: the first ones tell enough. */
const mostHits = 50;

/** All names in the words, in order, the longest at each place. */
export function findNames(words: readonly FoldedWord[], agentNames: readonly string[]): readonly NameHit[] {
  const names = agentNames
    .map((name) => foldText(name).match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((parts) => parts.length > 0)
    .toSorted((a, b) => b.length - a.length);
  const hits: NameHit[] = [];
  for (let start = 0; start < words.length && hits.length < mostHits; start += 1) {
    const length = lengthOfNameAt(words, start, names);
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

/** How many words the name at this place takes; 0 where there is none. */
function lengthOfNameAt(
  words: readonly FoldedWord[],
  start: number,
  names: readonly (readonly string[])[],
): number {
  const exact = names.find((parts) => parts.every((part, offset) => words[start + offset]?.text === part));
  if (exact !== undefined) return exact.length;
  const word = words[start]?.text ?? '';
  const singles = names.flatMap((parts) => (parts.length === 1 ? parts : []));
  if (!ordinaryWords.has(word) && singles.some((name) => isMisheard(word, name))) return 1;
  const isCalled = strongCalls.has(words[start - 1]?.text ?? '') && words[start - 1]?.mark !== '.';
  const second = words[start + 1]?.text;
  if (isCalled && second !== undefined && singles.some((name) => soundsLike(word + second, name))) return 2;
  return 0;
}

/** One letter off, with the same beginning: recognition seldom gets the first sound wrong. */
function isMisheard(word: string, name: string): boolean {
  return name.length >= shortestMisheardName && word[0] === name[0] && isWithinOneEdit(word, name);
}

/** After a call, two words may be the name in pieces: "hey so free" for Sophy. Compared as they sound. */
function soundsLike(pieces: string, name: string): boolean {
  const heard = sound(pieces);
  const meant = sound(name);
  return (
    meant.length >= 4 &&
    heard.length >= meant.length &&
    heard[0] === meant[0] &&
    isWithinOneEdit(heard, meant)
  );
}

function sound(word: string): string {
  return word
    .replace(/ph/g, 'f')
    .replace(/(?:ie|ee|ea|ey|y)/g, 'i')
    .replace(/(.)\1+/g, '$1');
}
