/** What the form of an Italian or English verb tells about who is meant: told about, or given orders. */
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** English pasts that no ending gives away, without those that look like the order ("put", "read", "set"). */
const irregularPasts = wordSet(
  'said told thought knew got made went came kept heard gave took sent found forgot spoke understood began left felt met',
  'brought bought caught taught built lost won wrote saw ate drank drove fell flew froze grew held led meant paid ran rang',
  'sang slept spent stood stole stuck swore threw woke wore broke chose drew sold sat hung became hid lent shook',
  'rose bit blew bent dealt dug fought',
);

/** Third persons and pasts in Italian that the endings below do not cover. None of them is also an order. */
const italianReports = wordSet(
  'disse fece diede rispose chiese prese mise vide venne rimase decise scrisse lesse volle seppe dava funziona sembra',
  'sbaglia costa abita arriva lavora diventa capita sa vuole viene tiene dice sia fosse manca',
  'ricorda migliora peggiora esagera esce muore tace sale vale rimane sente parte dorme apre copre offre soffre serve segue',
  'cambiera pare',
);

/** Words with the ending of a reporting verb that are none. */
const notReports = wordSet(
  'since prince province this thanks yes news lights perhaps sometimes always its directions lyrics headlines results less plus unless besides',
  'indeed hundred need speed feed bed red yours ours details notes minutes seconds hours lets whats thats heres theres',
  'bene insieme notte breve neve chiave bestie fine veramente grande tre neanche nemmeno pure oppure eppure cime',
  'brava viva nuova festiva estiva privacy gas bus stories words pictures photos tickets',
  'mese paese inglese francese cinese portoghese olandese prese spese giapponese classe base frase cose case estate',
);

/** `-isce`, `-ende`, `-uole` and their like: third persons that are not orders at the same time. */
const italianPresent =
  /(?:isce|[eo]nde|[cv]ide|[ei]ede|egge|[ri]ive|orre|[lu]ude|iene|uole|[it]ace|ince|duce|ige|erde|[op]one|ompe|[eio]sce|mette)$/;

/** A verb in the third person or the past: what the one named before it does or did. */
export function isReport(word: FoldedWord, next: FoldedWord | undefined): boolean {
  const { text, accented } = word;
  if (notReports.has(text)) return false;
  if (isSaidByHimself(text, next?.text ?? '')) return false;
  if (irregularPasts.has(text) || italianReports.has(text)) return true;
  if (text.length < 4) return false;
  if (/(?:[^aeiou]|[iu])ed$/.test(text) && text.length > 4) return true;
  if (/[^aiou s]s$/.test(text)) return !isNounBefore(next);
  return isItalianPast(word) || (italianPresent.test(text) && text === accented);
}

/** "Sophy sounds good", "Sophy got a minute", "Sophy left or right": the speaker left out his own part. */
function isSaidByHimself(text: string, next: string): boolean {
  return /^(?:sounds|looks|seems)$/.test(text)
    ? /^(?:good|great|fine|right)$/.test(next)
    : /^(?:got a|left or)$/.test(`${text} ${next}`);
}

/** "Sophy lights off", "Sophy results please": the word was a plural. */
function isNounBefore(next: FoldedWord | undefined): boolean {
  return next === undefined ? false : nounFollowers.has(next.text);
}
const nounFollowers = wordSet('please off of are were have do don by');

/** Imperfect (`-ava`) and remote past (`-ò`, but not the future `-rò` of the speaker). */
function isItalianPast({ text, accented }: FoldedWord): boolean {
  if (/[aei]va(?:no)?$/.test(text) && text.length >= 5) return true;
  return /[^r]ò$/.test(accented) && !['può', 'ciò'].includes(accented);
}

/** Future and conditional: statement or polite question, which the rest tells. */
export function isFutureOrConditional({ text, accented }: FoldedWord): boolean {
  return /\p{L}{2}rà$/u.test(accented) || /rebbe$/.test(text);
}

/** Italian present in `-a` that orders as well: "Sophy parla più piano", but "Sophy parla sempre". */
export function isOrderOrReport({ text, accented }: FoldedWord): boolean {
  return /[^aeiou]i?a$/.test(text) && text === accented && text.length >= 4;
}

const notParticiples = wordSet(
  'questo questa festa posta casa cosa testa lista tutto tutta presto basta spesso cosi addosso stesso',
);

/** Past participle, Italian. */
export function isParticiple(word: FoldedWord | undefined): boolean {
  return word !== undefined && /[ts][oa]$/.test(word.text) && !notParticiples.has(word.text);
}

/** English `-ed` or `-ing`: before a name it takes it as its object, "restarting Sophy". */
export function isEnglishParticiple({ text }: FoldedWord): boolean {
  return /(?:ed|ing)$/.test(text) && text.length > 4 && !intransitive.has(text);
}

const intransitive = wordSet(
  'thing things king ring string spring during sing wing morning evening nothing anything everything something meeting meetings building amazing interesting boring exciting',
  'listening working doing talking speaking going coming raining snowing happening missing waiting joking kidding laughing',
  'sleeping thinking saying looking singing trying playing wedding parking happened arrived worked crashed stopped changed',
  'ended confused interested finished excited worried scared hundred indeed surprised disappointed closed booked needed started landed opened loaded saved failed passed died answered replied agreed',
);

/** A form that only speaks to somebody or for the speaker: `-i`, `-ai`, `-iamo`, `-o`; "leggi", "vediamo", "sento". */
export function isFirstOrSecondPerson({ text }: FoldedWord): boolean {
  return /(?:i|iamo|[^n]o|ate|ete|ite)$/.test(text);
}

/** "aiutarmi", "dirci": what a polite request goes on with. */
export function isInfinitiveForSpeaker({ text }: FoldedWord): boolean {
  if (/^(?:sentir|capir|seguir|veder|conoscer)/.test(text)) return false;
  return /[aei]r(?:mi|ci|me|ce)(?:lo|la|li|le|ne)?$/.test(text) || /^d(?:ar|ir)(?:mi|ci|melo)$/.test(text);
}
