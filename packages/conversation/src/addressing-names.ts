/** Where names stand among words: exact, as they sound, misheard by one sound, or called in two pieces. */
import { auxiliaries } from './addressing-predicates.ts';
import { beforeTopic, openers, possessives, strongCalls, subordinators } from './addressing-words.ts';
import { type FoldedWord, foldWords } from './fold-words.ts';
import { ordinaryWords } from './ordinary-words.ts';
import { soundOf, soundsLoosely, soundsMisheard, soundsSame } from './speech-sound.ts';
import { wordSet } from './word-set.ts';

/** Words from `start` up to, not including, `end`. */
export type NameHit = { readonly start: number; readonly end: number; readonly matched: string };

type KnownName = {
  readonly parts: readonly string[];
  readonly partSounds: readonly string[];
  /** Counts only behind an at sign. */
  readonly needsAt: boolean;
  /** A function word as well, e.g. "Will" or "Mia": counts only when it is called or set off. */
  readonly isOrdinary: boolean;
};

/** The names with what a text of any length needs of them at each word. */
type NameSearch = {
  readonly names: readonly KnownName[];
  /** How the names of one word sound. */
  readonly sounds: readonly string[];
  readonly isStrict: boolean;
  /** `soundOf`, remembered: the words of a text come again and again. */
  readonly soundOfWord: (text: string) => string;
};

/** After these a word that sounds like the name is the name, even where it is another word as well: "senti soffi". */
const softCalls = wordSet('senti scusa scusami ok okay allora grazie dimmi');
/** A turn that names the agent more often is a pasted text: the first ones tell enough. */
const mostHits = 50;

/**
 * All names in the words, in order, the longest at each place. A name given as `@sophy` counts with its at sign only.
 * `same` takes only what is written or sounds the same, `misheard` also what recognition may make of a name.
 */
export function findNames(
  words: readonly FoldedWord[],
  names: readonly string[],
  likeness: 'same' | 'misheard' = 'misheard',
): readonly NameHit[] {
  const search = prepareSearch(names, likeness);
  const hits: NameHit[] = [];
  for (let start = 0; start < words.length && hits.length < mostHits; start += 1) {
    const length = lengthOfNameAt(words, start, search);
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

function prepareSearch(given: readonly string[], likeness: 'same' | 'misheard'): NameSearch {
  const names = given
    .map(knownName)
    .filter((name) => name.parts.length > 0)
    .toSorted((a, b) => b.parts.length - a.parts.length);
  const sounds = names.flatMap(({ partSounds, needsAt }) =>
    partSounds.length === 1 && !needsAt ? partSounds : [],
  );
  const known = new Map<string, string>();
  const soundOfWord = (text: string): string => {
    const sound = known.get(text) ?? soundOf(text);
    known.set(text, sound);
    return sound;
  };
  return { names, sounds: [...new Set(sounds)], isStrict: likeness === 'same', soundOfWord };
}

function knownName(name: string): KnownName {
  const parts = foldWords(name).map((word) => word.text);
  const [only = ''] = parts;
  const isFunctionWord = [openers, beforeTopic, auxiliaries, subordinators, possessives].some((set) =>
    set.has(only),
  );
  return {
    parts,
    partSounds: parts.map(soundOf),
    needsAt: name.startsWith('@'),
    isOrdinary: parts.length === 1 && isFunctionWord,
  };
}

/** How many words the name at this place takes; 0 where there is none. */
function lengthOfNameAt(words: readonly FoldedWord[], start: number, search: NameSearch): number {
  const { sounds, soundOfWord } = search;
  const word = words[start];
  if (word === undefined) return 0;
  const before = words[start - 1];
  const isCalled = before !== undefined && strongCalls.has(before.text) && !/[.?]/.test(before.mark);
  const exact = search.names.find((name) => isNameAt(words, start, name, isCalled, soundOfWord));
  if (exact !== undefined) return exact.parts.length;
  const heard = soundOfWord(word.text);
  const near = sounds.filter((meant) => meant[0] === heard[0]);
  if (near.length === 0) return 0;
  const isOrdinary = ordinaryWords.has(word.text);
  const isFirst = before === undefined || /[.?!]/.test(before.mark);
  const isSetOff = word.mark !== '' && before?.mark !== '';
  const isAwaited = isCalled || isSetOff || softCalls.has(before?.text ?? '');
  if ((!isOrdinary || isAwaited) && near.some((meant) => soundsSame(heard, meant))) return 1;
  if (search.isStrict) return 0;
  if (!isOrdinary && near.some((meant) => soundsMisheard(heard, meant))) return 1;
  const isLoose = near.some(
    (meant) => soundsLoosely(heard, meant) && (isCalled || heard.length === meant.length),
  );
  if (!isOrdinary && (isCalled || (isSetOff && isFirst)) && isLoose) return 1;
  const second = words[start + 1]?.text;
  if (second === undefined || word.mark !== '' || !near.some((meant) => heard.length <= meant.length))
    return 0;
  return isInPieces(soundOfWord(word.text + second), near, isCalled) ? 2 : 0;
}

function isNameAt(
  words: readonly FoldedWord[],
  start: number,
  { parts, partSounds, needsAt, isOrdinary }: KnownName,
  isCalled: boolean,
  soundOfWord: NameSearch['soundOfWord'],
): boolean {
  const isWritten = parts.every((part, offset) => {
    const text = words[start + offset]?.text;
    if (text === undefined) return false;
    return text === part || (parts.length > 1 && soundsSame(soundOfWord(text), partSounds[offset] ?? ''));
  });
  if (!isWritten) return false;
  if (words[start]?.hasAt) return true;
  return (
    !needsAt && (!isOrdinary || isCalled || words[start]?.mark === ',' || words[start - 1]?.mark === ',')
  );
}

/** Two words may be the name in pieces: after a call roughly, "hey so free"; elsewhere they must sound like it. */
function isInPieces(heard: string, sounds: readonly string[], isCalled: boolean): boolean {
  return sounds.some((meant) => soundsSame(heard, meant) || (isCalled && soundsLoosely(heard, meant)));
}
