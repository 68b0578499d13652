/** Words that order somebody, or ask him in the second person. */
import { englishOrders, italianOrders } from './addressing-predicates.ts';
import { isOrderOrReport } from './addressing-verbs.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** Not a third person as well, as "parla" is. */
export function isSureOrder(word: FoldedWord): boolean {
  return isOrder(word) && !isOrderOrReport(word);
}

export function isOrder(word: FoldedWord): boolean {
  return englishOrders.has(word.text) || italianOrders.has(word.text) || isOrderForSpeaker(word.text);
}

/** "raccontaci", "trovami", "mandamelo": orders with the speaker at their end. */
export function isOrderForSpeaker(text: string): boolean {
  return text.length > 4 && /[aiu]m?(?:mi|ci|[mc]el[oa])$/.test(text) && !endLikeOrders.has(text);
}
const endLikeOrders = wordSet(
  'amici nemici uffici antichi edifici capaci vivaci efficaci ultimi primi minimi massimi prossimi medici dodici undici tredici quindici sedici felici unici pubblici',
);
