/** When each word was said, from the pieces of words that a transducer gives. */

export type WordTime = { readonly word: string; readonly startSeconds: number; readonly endSeconds: number };

/** Of the last piece when the model gives no durations: about a syllable. */
const usualPieceSeconds = 0.2;
/** SentencePiece writes the space before a word as U+2581. */
const wordStart = /^[\s\u2581]/;

/**
 * @param starts Seconds from the beginning of the audio, one for each token; none gives no words.
 * @param durations Seconds, one for each token, where the model tells them.
 */
export function wordTimes(
  tokens: readonly string[],
  starts: readonly number[],
  durations: readonly number[] = [],
): WordTime[] {
  if (starts.length !== tokens.length) return [];
  const words: { word: string; startSeconds: number; endSeconds: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    const startSeconds = starts[index] ?? 0;
    const next = starts[index + 1] ?? startSeconds + usualPieceSeconds;
    const duration = durations[index];
    const endSeconds = duration === undefined ? next : startSeconds + duration;
    const text = token.replace(/\u2581/g, ' ').trim();
    const last = words.at(-1);
    if (last === undefined || wordStart.test(token)) words.push({ word: text, startSeconds, endSeconds });
    else {
      last.word += text;
      last.endSeconds = Math.max(last.endSeconds, endSeconds);
    }
  }
  return words.filter(({ word }) => word !== '');
}
