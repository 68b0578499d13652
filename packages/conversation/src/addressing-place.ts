/** What stands around a name: the sentence, and the clause within it. */
import type { NameHit } from './addressing-names.ts';
import { isSureOrder } from './addressing-orders.ts';
import { clauseOpeners, openers } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

export type NamePlace = {
  /** The last word of the name. */
  readonly name: FoldedWord;
  /** Words of the same sentence before the name. */
  readonly sentenceBefore: readonly FoldedWord[];
  /** Those of them since the last comma or new clause, without words that open a call: empty at a start. */
  readonly before: readonly FoldedWord[];
  /** Words of the same sentence after the name. */
  readonly after: readonly FoldedWord[];
  readonly isQuestion: boolean;
};

export function placeOfName(words: readonly FoldedWord[], hit: NameHit): NamePlace {
  const isEnd = (word: FoldedWord) => /[.?!;:…]/u.test(word.mark);
  const start = words.slice(0, hit.start).findLastIndex(isEnd) + 1;
  const last = words.findIndex((word, index) => index >= hit.end - 1 && isEnd(word));
  const end = last === -1 ? words.length : last + 1;
  const name = words[hit.end - 1];
  if (name === undefined) throw new RangeError(`a name hit ends at ${hit.end} of ${words.length} words`);
  const sentenceBefore = words.slice(start, hit.start);
  return {
    name,
    sentenceBefore,
    before: clauseBefore(sentenceBefore, words[hit.end]),
    after: words.slice(hit.end, end),
    isQuestion: words[end - 1]?.mark === '?',
  };
}

function clauseBefore(sentence: readonly FoldedWord[], next: FoldedWord | undefined): readonly FoldedWord[] {
  const and = sentence.at(-1);
  if (
    and !== undefined &&
    /^(?:and|e)$/.test(and.accented) &&
    next !== undefined &&
    (isSureOrder(next) || next.text === 'you')
  )
    return [];
  const boundary = sentence.findLastIndex((word) => word.mark !== '');
  const clause = sentence.slice(boundary + 1);
  const opener = clause.findLastIndex((word) => clauseOpeners.has(word.text));
  const rest = clause.slice(opener + 1);
  // "per favore" opens, "per Sophy" does not.
  return rest.every(isOpener) && rest.at(-1)?.text !== 'per' ? [] : rest;
}

/** Italian "e" opens, "è" does not. */
function isOpener(word: FoldedWord): boolean {
  return openers.has(word.text) && word.accented !== 'è';
}
