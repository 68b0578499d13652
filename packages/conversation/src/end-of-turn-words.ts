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
const auxiliaries = wordSet(
  'do does did is are was were am can could will would shall should may might must have has had',
);
const subjects = wordSet('i you he she it we they that this there');
const subjectForms = wordSet('i he she we they');
const copulas = wordSet('is are was were');
const determiners = wordSet(
  'the a an my your his her its our their this these those il lo la l i gli le un uno una mio mia tuo tua suo sua nostro nostra',
);
const clauseOpeners = wordSet('if whether because when while that than se che perche quando mentre siccome');
/** Words that only begin a phrase: "about twenty", "ogni giorno", "the new office". */
const phraseBeginnings = wordSet(
  'about some every each such quite rather almost nearly several circa ogni qualche quasi alcuni alcune vorrei vorremmo devo dobbiamo dovrei dovremmo',
);
const leadingAdjectives = wordSet(
  'new old big small little other next same nuovo nuova nuovi nuove vecchio vecchia piccolo piccola grande prossimo prossima',
);
/** Verbs that say nothing without an object. */
const transitives =
  'book|buy|send|change|move|bring|put|take|give|get|make|find|add|set|tell|show|know|ask|say|have|need|want|use|order|rent|prenotare|comprare|mandare|inviare|cambiare|spostare|portare|mettere|prendere|dare|fare|trovare|aggiungere|impostare|ricordare|dire|chiedere|sapere|avere|usare|ordinare|noleggiare|dirmi|darmi|sapermi';
/** Verbs of going and living that want a place: "we went", "siamo andati". */
const lackingPlace =
  /\b(?:(?:i|we|he|she|they) (?:went|came|moved|drove|flew|travelled|traveled|live|lived|stayed)|(?:sono|siamo|e|ero|eravamo) (?:andat|venut|stat|tornat|partit)[oaie]|(?:io |noi )?(?:abito|abitiamo|vivo|viviamo))$/;
/** Verbs with which things are listed. */
const listingVerbs = wordSet(
  'add buy bring get invite need pack take visit visited want like play order include bought invited',
  'aggiungi compra porta prendi invita serve servono metti visitato voglio vorrei gioco ordina comprato invitato',
);
/** "we need", "ci servono", "could you tell me", "vorrei prenotare", "she told me". */
const lackingObject = [
  /^(?:(?:and|so|then|e|allora|poi) )?(?:(?:i|we|you|they) (?:need|want|would like|have|had|got|think|mean|wonder)|i d like|i was wondering|(?:mi|ci) (?:serve|servono|piacerebbe)|(?:io |noi )?(?:voglio|vogliamo|penso|credo)|ho bisogno|(?:can|could|would|do) you|(?:mi |ci )?(?:puoi|potresti|sai|sapete))$/,
  new RegExp(
    `\\b(?:(?:want|like|have|need|going|able|love|trying|try) to|can we|can you|could you|could we|shall we|let s|vorrei|voglio|vogliamo|vorremmo|devo|dobbiamo|possiamo|posso|puoi|puo|potresti|potete|sai|bisogna) (?:please |per favore )?(?:${transitives})(?: (?:me|us|him|her|them))?$`,
  ),
  /\b(?:do you know|i wanted to say|(?:he|she|they|you|i) (?:told (?:me|you|him|her|us|them)|said)|(?:mi|ti|gli|le|ci) (?:ha|hanno|ho) detto|(?:ha|hanno|ho) detto)$/,
];
/** What ends a turn after a comma without going on with a list. */
const closings = wordSet(
  'please thanks thank you sophy sofi right ok okay then too per favore piacere grazie vero no si yes yeah anche cosi dai bene',
);
const lastSteps = wordSet('and e ed finally lastly infine');
const listEnds = wordSet('and or e ed o oppure but ma');
const strandedPrepositions = wordSet('to of at for with from by');
/** Words on which no question ends, spoken or not. */
const unaskable = wordSet(
  'the a an and or but because if my your our their il lo gli le un uno una e ed o ma se di a da in con per tra fra',
  'del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla',
);
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
  const asked = asksFrom(words);
  // Recognition puts question marks of its own into pauses, so one alone does not make a question whole.
  if (/\?$/u.test(trimmed)) return isHalfAsked(words, asked) ? 'unfinished-sentence' : 'question';
  if (/!$/u.test(trimmed)) return 'complete';
  const isStranded = asked && strandedPrepositions.has(last) && words.length > 2;
  if (openEnds.has(last) && !isStranded) return 'unfinished-sentence';
  if (lacksItsRest(words, asked) || isOpenList(trimmed) || isFirstOfMore(words)) return 'unfinished-sentence';
  return asked && words.length > 2 ? 'question' : 'complete';
}

/** A clause whose verb or object has not come: "what time does", "if the shop", "we need". */
function lacksItsRest(words: readonly string[], asked: boolean): boolean {
  const [last = '', before = '', first = ''] = words.slice(-3).reverse();
  if (phraseBeginnings.has(last) && !asked) return true;
  if (asked && auxiliaries.has(last) && !subjects.has(before)) return true;
  if (copulas.has(last) && words.length > 2 && !subjects.has(before) && !asked) return true;
  if (subjectForms.has(last) && words.length > 1 && !auxiliaries.has(before)) return true;
  if (determiners.has(before) && (clauseOpeners.has(first) || leadingAdjectives.has(last))) return true;
  if (clauseOpeners.has(before) && before !== 'than' && subjects.has(last)) return true;
  const all = words.join(' ');
  if (lackingPlace.test(all) && !asked) return true;
  return lackingObject.some((pattern) => pattern.test(all));
}

/** Things said in a row, a short last one, and no "and" before it. One comma is enough after a verb that lists. */
function isOpenList(text: string): boolean {
  const items = (text.split(/[.?!]\s/u).at(-1) ?? '')
    .split(',')
    .map((item) => foldWords(item).map((word) => word.text));
  const last = items.at(-1) ?? [];
  const lists = items[0]?.some((word) => listingVerbs.has(word)) === true;
  if (items.length < (lists ? 2 : 3) || last.length === 0 || last.length > 3) return false;
  return !last.some((word) => listEnds.has(word) || closings.has(word));
}

/** "Can we move it to?", "What time does?": more than two words, and the last of them cannot end a question. */
function isHalfAsked(words: readonly string[], asked: boolean): boolean {
  if (words.length <= 2) return false;
  if (lacksItsRest(words, asked)) return true;
  const last = words.at(-1) ?? '';
  if (strandedPrepositions.has(last)) return !words.some((word) => questionWords.has(word));
  return unaskable.has(last);
}

/** "First we …", until an "and" or "finally" brings the last of it. */
function isFirstOfMore(words: readonly string[]): boolean {
  if (!/^(?:first|firstly|prima|innanzitutto) (?!di )/.test(words.join(' '))) return false;
  return !words.some((word) => lastSteps.has(word));
}

function asksFrom(words: readonly string[]): boolean {
  const first = words.find((word) => !openings.has(word));
  return first !== undefined && questionWords.has(first);
}
