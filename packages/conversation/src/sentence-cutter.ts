/** Cuts model text, as it streams in, into pieces that a voice can begin to speak. */
import { speakableWord } from './speakable-word.ts';

export type SentenceCutterOptions = {
  /** A piece is at least this long before it is cut, characters. */
  readonly minCharacters?: number;
  /** The first piece ends here at the latest: it decides when people hear something. */
  readonly firstMaxCharacters?: number;
  /** Every other piece ends here at the latest. A single longer word stays whole. */
  readonly maxCharacters?: number;
};

export type SentenceCutter = {
  /** Takes the next text in; gives the pieces that are complete now. */
  push(delta: string): string[];
  /** The text is over: gives what is left. */
  flush(): string[];
};

/** After these a full stop ends no sentence. Without their last stop, lower case. */
const abbreviations = new Set(
  'dr dott dott.ssa sig sig.ra sig.na prof prof.ssa ing avv rag geom on es p.es ecc cfr pag n nr art tel mr mrs ms st jr sr vs e.g i.e etc approx no fig vol ca sec min max'.split(
    ' ',
  ),
);

/**
 * Pieces joined by single blanks are the spoken text, whatever the size of the deltas. The first piece ends at the
 * first clause, later ones at sentence ends. A word counts once the blank after it is there, so decimals, addresses
 * and ellipses are never cut.
 */
export function createSentenceCutter(options: SentenceCutterOptions = {}): SentenceCutter {
  const { minCharacters = 12, firstMaxCharacters = 120, maxCharacters = 240 } = options;
  let word = '';
  let words: string[] = [];
  let isFirstPiece = true;
  let isLineStart = true;

  function takePiece(count: number): string[] {
    const piece = words.slice(0, count).join(' ');
    words = words.slice(count);
    if (piece === '') return [];
    isFirstPiece = false;
    return [piece];
  }

  function endWord(): string[] {
    if (word === '') return [];
    const spoken = speakableWord(word, isLineStart);
    const isListNumber = isLineStart && /^\d+[.)]$/.test(spoken);
    word = '';
    if (spoken === '') return [];
    isLineStart = false;
    const previous = words.at(-1);
    if (isMarkOnly(spoken) && previous !== undefined) {
      words[words.length - 1] = previous + spoken;
      return endsSentence(spoken) && lengthOf(words) >= minCharacters ? takePiece(words.length) : [];
    }
    const limit = isFirstPiece ? firstMaxCharacters : maxCharacters;
    const pieces =
      words.length > 0 && lengthOf(words) + 1 + spoken.length > limit ? takePiece(lastClause(words)) : [];
    words.push(spoken);
    const mayCut = lengthOf(words) >= minCharacters && !isListNumber;
    if (mayCut && (endsSentence(spoken) || (isFirstPiece && endsClause(spoken)))) {
      pieces.push(...takePiece(words.length));
    }
    return pieces;
  }

  function endLine(): string[] {
    isLineStart = true;
    return lengthOf(words) >= minCharacters ? takePiece(words.length) : [];
  }

  return {
    push(delta) {
      const pieces: string[] = [];
      for (const character of delta) {
        if (!/\s/.test(character)) {
          word += character;
          continue;
        }
        pieces.push(...endWord());
        if (character === '\n') pieces.push(...endLine());
      }
      return pieces;
    },
    flush() {
      const pieces = [...endWord(), ...takePiece(words.length)];
      isFirstPiece = true;
      isLineStart = true;
      return pieces;
    },
  };
}

/** A mark that stood behind an emoji; it belongs to the word before. */
function isMarkOnly(word: string): boolean {
  return /^[.,!?;:]$/.test(word);
}

function lengthOf(words: readonly string[]): number {
  return words.join(' ').length;
}

/** How many words to take so that the cut falls on a clause, or all where there is none. */
function lastClause(words: readonly string[]): number {
  const index = words.findLastIndex((word) => endsClause(word) || endsSentence(word));
  return index === -1 ? words.length : index + 1;
}

function endsSentence(word: string): boolean {
  const bare = word.replace(/["'”’»)\]]+$/u, '');
  if (/[!?]$/u.test(bare)) return true;
  if (!bare.endsWith('.') || bare.endsWith('..')) return false;
  const stem = bare
    .slice(0, -1)
    .replace(/^\P{L}+/u, '')
    .toLowerCase();
  return !abbreviations.has(stem) && !/^\p{L}$/u.test(stem);
}

function endsClause(word: string): boolean {
  return /(?:[,;:…–—]|\.{2,}|^-)["'”’»)\]]*$/u.test(word);
}
