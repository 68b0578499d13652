/** Calls that are told about, not made. */

import type { NamePlace } from './addressing-place.ts';
import { strongCalls } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';

/** Verbs that speak: a greeting after them is quoted. */
const sayings =
  /^(?:go|goes|went|faccio|fa|like|sa(?:y|ys|id|ying)|shout\w*|yell\w*|call\w*|type\w*|typing|dir\w*|dic\w*|dett[oa]|urla\w*|grid\w*|scriv\w*|is|was|era|e|con|the|a)$/;

/** Whether a call before the name is quoted: "you have to say hey Sophy". */
export function isQuotedCall({ sentenceBefore }: NamePlace): boolean {
  const call = sentenceBefore.findLastIndex((word) => !strongCalls.has(word.text) && !isOk(word));
  const before = sentenceBefore[call];
  if (before === undefined || call === sentenceBefore.length - 1) return false;
  return before.accented !== 'e' && sayings.test(before.text);
}

function isOk({ text }: FoldedWord): boolean {
  return text === 'ok' || text === 'okay';
}
