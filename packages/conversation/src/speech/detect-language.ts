/** Which of the agent's languages a few written words are in. */
import type { SpokenLanguage } from './spoken-language.ts';

type DetectedLanguage = {
  readonly language: SpokenLanguage | 'unknown';
  /** How much speaks for it, in words: 1 is one word that only this language has. */
  readonly evidence: number;
  /** Words that were looked at. */
  readonly words: number;
};

/**
 * Words of speech that are common in one language and not in the other. Words that both have (`come`, `no`, `due`,
 * `fine`, `in`, `a`, `sole`, `pure`) are left out.
 */
const commonWords: Readonly<Record<SpokenLanguage, ReadonlySet<string>>> = {
  en: wordSet(
    'the and is are was were be been being am i you he she it we they them his her its our your yours my mine their this that these those there here what which who whom whose when where why how of to for from with without about into over under after before between out off up down at by on or if but because than then so very too also just only even still yet never always often again not don’t doesn’t didn’t isn’t aren’t wasn’t can’t couldn’t won’t wouldn’t shouldn’t i’m i’ll i’d i’ve you’re you’ll it’s that’s what’s let’s he’s she’s we’re they’re there’s who’s do does did done have has had will would shall should can could may might must get got give gave take took make made go going went gone know think thought say said says tell told ask asked see saw look want need like love help please thanks thank yes yeah yep nope sure okay alright right wait stop hello hey hi bye good morning evening night day today tomorrow yesterday week month year time now later soon minute moment second hour one two three four five six seven eight nine ten all any some many much more most other another each every both first last next new old big small long short little great nice bad wrong true people man woman child friend house home work school car water food money book word name number thing things something anything nothing everything someone anyone everyone question answer weather music news light lights room door window kitchen phone call message meeting email list show play turn set open close read write speak talk listen repeat spell remind cancel add buy find keep leave let put run start finish understand mean seems maybe really quite well actually sorry excuse me us him lot bit kind sort way place side end part half english speaking fine, what’re everybody louder slower quieter colour color cold hot warm train bus street road city town country world life old long speaks said sounds works goes comes came coming looking making doing having saying asking mum dad brother sister wife husband boss doctor monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december',
  ),
  it: wordSet(
    'il lo la gli le un uno una di del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle con per tra fra e ed o che chi cui non si mi ti ci vi ne è sono sei siamo siete era erano ero sarà sarebbe stato stata ho hai ha abbiamo avete hanno aveva avevo io tu lui lei noi voi loro mio mia miei mie tuo tua tuoi tue suo sua suoi sue nostro nostra vostro questo questa questi queste quello quella quelli quelle quel quei cosa cos’è com’è dov’è c’è perché perche quando dove quanto quanta quanti quante quale quali come’è ma anche ancora già più meno molto molta molti tanto tanta poco troppo tutto tutta tutti tutte niente nulla qualcosa qualcuno nessuno ogni altro altra altri altre sempre mai ora adesso poi dopo prima oggi domani ieri subito presto tardi sera mattina notte giorno giorni settimana mese anno anni ore minuti minuto secondo attimo momento sì si no ok va bene certo certamente d’accordo dai ecco allora quindi però pero invece insomma magari forse davvero proprio grazie prego scusa scusi scusate per favore piacere ciao buongiorno buonasera buonanotte arrivederci salve aspetta aspetti fermati ferma basta dimmi dammi fammi sai sapere puoi può posso potresti potete vuoi voglio vorrei devo devi deve dobbiamo fare fai fa faccio fatto detto dire dici dice dico andare vado vai andiamo vieni viene venire vedere vedi visto sento senti sentire sentito parla parlare parlami parli capito capisco capire credo penso pensi so sa serve metti metto mettere apri apri chiudi accendi spegni leggi leggere scrivi ricordami aggiungi ripeti ripetere cerca trova chiama manda spiega racconta traduci suona abbassa alza secondo te me lo che tempo casa lavoro scuola macchina acqua cibo soldi libro parola nome numero domanda risposta tempo musica notizie luce luci stanza porta finestra cucina telefono messaggio riunione lista città strada mondo vita mamma papà fratello sorella moglie marito capo dottore amico amica gente persona persone uomo donna bambino bambini ragazzi signora signore bello bella buono buona bravo brava grande piccolo nuovo vecchio giusto sbagliato vero vera falso italiano uno due tre quattro cinque sette otto nove dieci lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre meglio peggio mentre durante sotto sopra dentro fuori vicino lontano qui qua lì là cioè comunque siccome anzi oppure nemmeno neanche quasi appena stasera stamattina fatti fosse senza fino verso stesso stessa sta stai stanno sto vanno fanno dicono sanno vogliono possono tocca piace manca costa conviene ehi ehm beh boh mah eh eccolo eccola',
  ),
};

/** Words of both languages, and those that everybody says. */
const shared = wordSet(
  'a i in no ok okay come due fine me sole pure so are ai app o e camera radio video computer email file hotel bar film sport taxi stop super zero san do ha per te us one mi ma se ci si ed lo',
);

/** Sound of a word that neither list has: weak evidence, since names and loans sound foreign. */
const shapes: Readonly<Record<SpokenLanguage, RegExp>> = {
  en: /^[^aeiouàèéìòù]*$|[wkxjy]|th|sh|ck|gh|oo|ee|ght|[bcdfghkmpstvwz]$|(?:ing|ed|ly|tion|ness|ment|ous|ful|ght)$/,
  it: /[àèéìòù]|(?:zione|mente|ità|are|ere|ire|ato|ata|ati|ate|uto|ando|endo|ino|ina|etto|etta|issimo|issima|zza|ggio|gli[oae]?|gn[oaie])$|^(?:[dlnst]|un|all|dell|nell|sull|dall|quest|quell)[’]|[aeiou]$/,
};

const shapeWeight = 0.3;
/** Below this nobody can tell. */
const leastEvidence = 0.55;

/**
 * `unknown` where the words could be either, such as `ok` or a bare name. `ignored`: lower-case words that say nothing,
 * such as names of who is there.
 */
export function detectLanguage(text: string, ignored: ReadonlySet<string> = noWords): DetectedLanguage {
  const score = { en: 0, it: 0 };
  let words = 0;
  for (const [raw] of text.toLowerCase().matchAll(/[\p{L}][\p{L}\p{M}]*(?:[’'][\p{L}\p{M}]+)*[’']?/gu)) {
    const word = raw.replaceAll("'", '’');
    words += 1;
    if (ignored.has(word) || /^so+(?:ph|f+)/.test(word)) continue;
    const [head = '', tail] = elided(word);
    const isEnglish = commonWords.en.has(word);
    const isItalian =
      commonWords.it.has(word) || (tail !== undefined && (commonWords.it.has(tail) || elisions.has(head)));
    if (isEnglish !== isItalian) {
      score[isEnglish ? 'en' : 'it'] += shared.has(word) ? shapeWeight : 1;
      continue;
    }
    if (isEnglish || shared.has(word)) continue;
    const looksEnglish = shapes.en.test(word);
    if (looksEnglish !== shapes.it.test(word)) score[looksEnglish ? 'en' : 'it'] += shapeWeight;
  }
  const language = score.en > score.it ? 'en' : 'it';
  const evidence = Math.abs(score.en - score.it);
  return { language: evidence < leastEvidence ? 'unknown' : language, evidence, words };
}

const noWords: ReadonlySet<string> = new Set();

/** What stands before an apostrophe in Italian. */
const elisions = wordSet(
  'l un dell all nell sull dall quell quest c d m t s v n dov com cos qual anch bell sant po di fa va sta da',
);

function elided(word: string): [head: string | undefined, tail: string | undefined] {
  const at = word.indexOf('’');
  return at === -1 ? [undefined, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/[\s,]+/));
}
