/** Words with which a listener nods along and asks for nothing, Italian and English. */
import { foldWords } from './fold-words.ts';

const nods = new Set(
  [
    'mm mmm mhm mhmm mmhm mmhmm hm hmm uh huh uhuh uhhuh ah aha oh ooh wow ok okay okey k yeah yea yep yup yes right sure',
    'true exactly indeed totally absolutely definitely nice great good cool fine perfect gotcha really alright agreed',
    'si gia certo esatto esattamente giusto vero bene benissimo perfetto va daccordo capito ho ecco bello bravo infatti',
    'eh ehm beh mah uhm um mhmh certamente assolutamente ovvio chiaro appunto davvero',
  ].flatMap((line) => line.split(' ')),
);

/** Words that only count among nods: "I see", "that's right", "ho capito". */
const fillers = new Set(
  'i see that s thats is it of course makes sense got know all d accordo e un di anche molto tutto very so oh lo a me mi'.split(
    ' ',
  ),
);

const phrases = new Set([
  'i see',
  'of course',
  'i know',
  'got it',
  'makes sense',
  'that makes sense',
  'va bene',
  'd accordo',
  'ho capito',
  'lo so',
  'ci sta',
]);

/** Whether more words could make a nod of these: "of" as in "of course". */
export function mayBecomeBackChannel(text: string): boolean {
  const beginning = `${foldWords(text)
    .map((word) => word.text)
    .join(' ')} `;
  return beginning !== ' ' && [...phrases].some((phrase) => phrase.startsWith(beginning));
}

/** More words that are not all nods say something. */
const longestWithFillers = 6;

/** Whether there are words, and all of them only nod along. `extra` adds words or phrases of the operator's. */
export function isBackChannel(text: string, extra: readonly string[] = []): boolean {
  const words = foldWords(text).map((word) => word.text);
  if (words.length === 0 || /\?\s*$/.test(text)) return false;
  if (phrases.has(words.join(' '))) return true;
  const own = new Set(extra.flatMap((entry) => foldWords(entry).map((word) => word.text)));
  const isNod = (word: string) => nods.has(word) || own.has(word) || isHum(word);
  // Somebody may nod on and on; a sentence of fillers is not that.
  if (words.length > longestWithFillers) return words.every(isNod);
  return words.some(isNod) && words.every((word) => isNod(word) || fillers.has(word));
}

/** Recognition spells a hum as it likes: "mmhmm", "mhmmm", "hmmm". */
function isHum(word: string): boolean {
  return /^[mhu]{2,}$/.test(word);
}
