/** How much heard words are the agent's own, come back through a loudspeaker. */
import { isWithinOneEdit } from './edit-distance.ts';
import { foldWords } from './fold-words.ts';

/** Fewer words are too often also what people say. */
const fewestWords = 3;
/** Only the latest words can come back. */
const rememberedWords = 60;

/**
 * Part of the heard words that stand in the same order in what the agent said, 0 to 1: the longest common subsequence
 * over the number of heard words, where words that differ by one letter are the same (recognition mishears an echo).
 * 0 where fewer than three words were heard.
 */
export function spokenLikeness(heard: string, spoken: string): number {
  const heardWords = foldWords(heard).map((word) => word.text);
  if (heardWords.length < fewestWords) return 0;
  const spokenWords = foldWords(spoken)
    .slice(-rememberedWords)
    .map((word) => word.text);
  let previous: number[] = new Array(spokenWords.length + 1).fill(0);
  for (const word of heardWords.slice(-rememberedWords)) {
    const row = [0];
    for (const [index, candidate] of spokenWords.entries()) {
      const isSame = word === candidate || (word.length > 3 && isWithinOneEdit(word, candidate));
      row.push(isSame ? (previous[index] ?? 0) + 1 : Math.max(previous[index + 1] ?? 0, row[index] ?? 0));
    }
    previous = row;
  }
  return (previous.at(-1) ?? 0) / Math.min(heardWords.length, rememberedWords);
}
