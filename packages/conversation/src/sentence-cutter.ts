/** Cuts model text, as it streams in, into pieces that a voice can begin to speak. */
import { speakableWord } from './speakable-word.ts';
import {
  closingMarks,
  endsInsideMark,
  openingMarks,
  openSpans,
  splitAtMarks,
  stripSpeechMarks,
} from './speech/speech-marks.ts';

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
 * and ellipses are never cut. Nor are speech marks: what is spelled or is one number stays whole, and slow or stressed
 * words that go on in the next piece are closed and opened again.
 */
export function createSentenceCutter(options: SentenceCutterOptions = {}): SentenceCutter {
  const { minCharacters = 12, firstMaxCharacters = 120, maxCharacters = 240 } = options;
  let word = '';
  let words: string[] = [];
  let reopened = '';
  let isFirstPiece = true;
  let isLineStart = true;

  function takePiece(count: number): string[] {
    const piece = words.slice(0, count).join(' ');
    words = words.slice(count);
    const open = openSpans(piece);
    const [next, ...others] = words;
    // Where nothing follows yet, the opening waits for the next word.
    if (next !== undefined) words = [openingMarks(open) + next, ...others];
    else reopened = openingMarks(open);
    if (stripSpeechMarks(piece) === '') return [];
    isFirstPiece = false;
    return [piece + closingMarks(open)];
  }

  function endWord(): string[] {
    if (word === '') return [];
    const spoken = reopened + speakableParts(word, isLineStart);
    const isListNumber = isLineStart && /^\d+[.)]$/.test(spoken);
    word = '';
    if (spoken === reopened) return [];
    reopened = '';
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
        const isBlank = /\s/.test(character);
        if (!isBlank || (character !== '\n' && isHeldTogether(word))) {
          word += isBlank ? ' ' : character;
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
      reopened = '';
      return pieces;
    },
  };
}

/** Longest text that a mark keeps in one word, characters: what is never closed must not hold the voice up. */
const longestMarked = 80;

/** Whether the blank belongs to the word: it stands in a mark, or between marks of what is read as one thing. */
function isHeldTogether(word: string): boolean {
  if (!word.includes('[') || word.length > longestMarked) return false;
  return endsInsideMark(word) || openSpans(word).some((name) => name !== 'slow' && name !== 'emphasis');
}

/** The word without markup but with its speech marks, whose brackets are no markup. */
function speakableParts(word: string, isLineStart: boolean): string {
  if (!word.includes('[')) return speakableWord(word, isLineStart);
  return splitAtMarks(word)
    .map((part, index) => (part.isMark ? part.text : speakableWord(part.text, isLineStart && index === 0)))
    .join('');
}

/** A mark that stood behind an emoji; it belongs to the word before. */
function isMarkOnly(word: string): boolean {
  return /^[.,!?;:]$/.test(word);
}

function lengthOf(words: readonly string[]): number {
  return stripSpeechMarks(words.join(' ')).length;
}

/** How many words to take so that the cut falls on a clause, or all where there is none. */
function lastClause(words: readonly string[]): number {
  const index = words.findLastIndex((word) => endsClause(word) || endsSentence(word));
  return index === -1 ? words.length : index + 1;
}

function endsSentence(word: string): boolean {
  const bare = stripSpeechMarks(word).replace(/["'”’»)\]]+$/u, '');
  if (/[!?]$/u.test(bare)) return true;
  if (!bare.endsWith('.') || bare.endsWith('..')) return false;
  const stem = bare
    .slice(0, -1)
    .replace(/^\P{L}+/u, '')
    .toLowerCase();
  return !abbreviations.has(stem) && !/^\p{L}$/u.test(stem);
}

function endsClause(word: string): boolean {
  return /(?:[,;:…–—]|\.{2,}|^-)["'”’»)\]]*$/u.test(stripSpeechMarks(word));
}
