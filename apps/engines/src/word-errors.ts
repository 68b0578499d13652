/** Word error rate, the measure of speech recognition. */

/**
 * Fewest words to insert, delete or replace (Levenshtein distance) to get from the reference to what was heard;
 * case and punctuation do not count.
 */
export function wordErrors(reference: string, heard: string): { errors: number; words: number } {
  const wanted = wordsOf(reference);
  const got = wordsOf(heard);
  let row = got.map((_, index) => index + 1);
  for (const [wantedIndex, word] of wanted.entries()) {
    const next: number[] = [];
    for (const [index, other] of got.entries()) {
      const diagonal = index === 0 ? wantedIndex : (row[index - 1] ?? 0);
      const above = row[index] ?? 0;
      const left = index === 0 ? wantedIndex + 1 : (next[index - 1] ?? 0);
      next.push(Math.min(diagonal + (word === other ? 0 : 1), above + 1, left + 1));
    }
    row = next;
  }
  return { errors: row.at(-1) ?? wanted.length, words: wanted.length };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}
