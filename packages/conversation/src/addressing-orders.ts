/** Words that order somebody, or ask him in the second person. */
import { englishOrders, italianOrders } from './addressing-predicates.ts';
import type { FoldedWord } from './fold-words.ts';

export function isOrder(word: FoldedWord): boolean {
  return (
    englishOrders.has(word.text) ||
    italianOrders.has(word.text) ||
    /[aeiu]m[im](?:l[oaie]|ci)?$/.test(word.text)
  );
}
