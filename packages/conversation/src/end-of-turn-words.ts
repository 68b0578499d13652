/** What the last words say about whether the sentence is over. Italian and English. */
import { isDictating } from './dictation.ts';
import { foldWords } from './fold-words.ts';

export type EndOfTurnWords =
  | 'none'
  | 'complete'
  | 'question'
  | 'unfinished-sentence'
  | 'dictation'
  | 'hesitation';

function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Conjunctions, articles, prepositions and determiners after which a sentence goes on. */
const openEnds = wordSet(
  'e ed o od ma pero perche siccome poiche affinche che se quando mentre dove cioe quindi dunque oppure anche come',
  'di del dello della dei degli delle dell a ad al allo alla ai agli alle all da dal dallo dalla dai dagli dalle dall',
  'in nel nello nella nei negli nelle nell con col per tra fra sul sullo sulla sui sugli sulle sull il lo gli le un uno una l',
  'mio tuo suo nostro vostro tipo',
  'and or but because cause if when while whether unless although though than which whose into onto',
  'the a an to of at for with from by my your our their let',
);
const fillers = wordSet('ehm eh uhm mmm mm emm um uh umm er erm hmm ah allora well');
const questionWords = wordSet(
  'who what where when why how which whom whose',
  'chi cosa dove quando perche come quale quali quanto quanta quanti quante',
);
const strandedPrepositions = wordSet('to of at for with from by');
/** What may stand before the question itself. */
const openings = wordSet(
  'e and so ok okay hey ehi ciao allora scusa scusi sorry please ma but sophy sofi dimmi',
);

/** A missing full stop says nothing: recognition leaves it out at will, and sets one in every pause. */
export function readEndOfTurnWords(text: string): EndOfTurnWords {
  const trimmed = text.trim();
  const words = foldWords(trimmed).map((word) => word.text);
  const last = words.at(-1);
  if (last === undefined) return 'none';
  if (/(?:\.{2,}|…)$/u.test(trimmed) || fillers.has(last)) return 'hesitation';
  if (isDictating(trimmed)) return 'dictation';
  if (/[,;:–—-]$/u.test(trimmed)) return 'unfinished-sentence';
  if (/\?$/u.test(trimmed)) return 'question';
  const asked = asksFrom(words);
  if (openEnds.has(last) && !/!$/u.test(trimmed)) {
    const isStranded = asked && strandedPrepositions.has(last) && words.length > 2;
    if (!isStranded) return 'unfinished-sentence';
  }
  return asked && words.length > 2 ? 'question' : 'complete';
}

function asksFrom(words: readonly string[]): boolean {
  const first = words.find((word) => !openings.has(word));
  return first !== undefined && questionWords.has(first);
}
