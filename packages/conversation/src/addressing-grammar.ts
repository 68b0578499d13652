/** Whether a name, by the words around it, is spoken to or spoken about. */
import { isSubject } from './addressing-after.ts';
import { isGoverned } from './addressing-before.ts';
import type { NameHit } from './addressing-names.ts';
import { isSureOrder } from './addressing-orders.ts';
import { placeOfName } from './addressing-place.ts';
import { isQuotedCall } from './addressing-quoted-call.ts';
import { beginsClause, beginsRequest, beginsStrongRequest } from './addressing-request.ts';
import { closingWords, strongCalls } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

/** Whether this place of a name speaks to the one named. An at sign always does, a greeting unless it is quoted. */
export function isSpokenTo(words: readonly FoldedWord[], hit: NameHit): boolean {
  if (words[hit.start]?.hasAt) return true;
  const place = placeOfName(words, hit);
  if (isQuotedCall(place)) return false;
  if (strongCalls.has(place.sentenceBefore.at(-1)?.text ?? '')) return true;
  if (place.name.hasPossessive) return false;
  const isSetOff = place.name.mark !== '';
  const isLast =
    isSetOff ||
    place.after.every((word) => closingWords.has(word.text)) ||
    beginsClause(place.after) ||
    beginsStrongRequest(place.after) ||
    (place.after[0] !== undefined && isSureOrder(place.after[0]));
  if (isGoverned(place, isLast) || isSubject(place)) return false;
  return place.before.length === 0 || isLast || beginsRequest(place);
}
