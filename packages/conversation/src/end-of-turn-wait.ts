/** How long silence must last before a turn is over, judged by its last words. */
import { foldWords } from './fold-words.ts';
import type { PolicySettings } from './policy-settings.ts';

/** Words after which a sentence goes on: conjunctions, articles, prepositions, determiners, fillers. Italian and English. */
const openEnds = new Set(
  [
    'e ed o od ma pero perche siccome poiche affinche che se quando mentre dove cioe quindi dunque oppure anche come',
    'di del dello della dei degli delle dell a ad al allo alla ai agli alle all da dal dallo dalla dai dagli dalle dall',
    'in nel nello nella nei negli nelle nell con col per tra fra sul sullo sulla sui sugli sulle sull il lo gli le un uno una l',
    'mio tuo suo nostro vostro ehm eh uhm mmm emm tipo',
    'and or but because cause if when while whether unless although though than which whose into onto',
    'the a an to of at for with from by my your our their um uh uhm umm er erm hmm let',
  ].flatMap((line) => line.split(' ')),
);

const digitWords = new Set(
  'zero one two three four five six seven eight nine oh uno due tre quattro cinque sei sette otto nove doppio double'.split(
    ' ',
  ),
);

const questionWords = new Set('who what where when why how which whom whose'.split(' '));
const strandedPrepositions = new Set('to of at for with from by'.split(' '));

/** The silence that ends these words, ms. */
export function endOfTurnWaitMs(
  text: string,
  settings: Pick<PolicySettings, 'endpointingMinMs' | 'endpointingMaxMs'>,
): number {
  return soundsUnfinished(text) ? settings.endpointingMaxMs : settings.endpointingMinMs;
}

/** Whether a listener would wait for more. A missing full stop alone says nothing: recognition leaves it out at will. */
export function soundsUnfinished(text: string): boolean {
  const trimmed = text.trim();
  if (/(?:\.{2,}|…|[,;:–—-])$/u.test(trimmed)) return true;
  if (/[?!]$/u.test(trimmed)) return false;
  const words = foldWords(trimmed).map((word) => word.text);
  const last = words.at(-1);
  if (last === undefined) return false;
  if (isDictating(words)) return true;
  if (!openEnds.has(last)) return false;
  return !(strandedPrepositions.has(last) && questionWords.has(words[0] ?? '') && words.length > 2);
}

/** At least two digits or digit groups in a row at the end: a number is being read out. */
function isDictating(words: readonly string[]): boolean {
  const tail = words.slice(-2);
  return tail.length === 2 && tail.every((word) => digitWords.has(word) || /^\d{1,4}$/.test(word));
}
